import { BlockList, isIPv4, isIPv6 } from "node:net";

const LOOPBACK = blockList(["127.0.0.0/8", "::1/128"]);

/** Ranges that are not the public internet (RFC 6890 and the IANA registries it began). */
const SPECIAL_USE = blockList([
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
  "2001::/23",
  "2001:db8::/32",
  "2002::/16",
  "3fff::/20",
]);

/** IPv6 addresses outside this are local, mapped, translated or unassigned. */
const GLOBAL_IPV6 = blockList(["2000::/3"]);

/** Whether text is an IP address of this machine. */
export function isLoopbackAddress(address: string): boolean {
  return LOOPBACK.check(address, isIPv6(address) ? "ipv6" : "ipv4");
}

/** Whether text is anything else than a public IP address: private, link-local, multicast …, or no address (CIMD-06). */
export function isSpecialUseAddress(address: string): boolean {
  if (isIPv4(address)) return SPECIAL_USE.check(address, "ipv4");
  return !GLOBAL_IPV6.check(address, "ipv6") || SPECIAL_USE.check(address, "ipv6");
}

function blockList(subnets: readonly string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = "", bits] = subnet.split("/");
    list.addSubnet(network, Number(bits), isIPv6(network) ? "ipv6" : "ipv4");
  }
  return list;
}
