/**
 * The network that an IP address is counted as: an IPv4 address stands for itself, an IPv6 address for its /64, since
 * every IPv6 customer has at least that many addresses to pick from (RFC 6177).
 */
export function clientNetwork(address: string | undefined): string | undefined {
  if (!address?.includes(":") || address.includes(".")) return address;
  const [left = [], right = []] = address.split("::").map((part) => part.split(":"));
  const zeros = Array<string>(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
