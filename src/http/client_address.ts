/** Enough for ten proxies that add an IPv6 address with its port. */
const MAX_HEADER = 1_024;
/** Some proxies add the port of the connection. */
const IPV4 = /^(\d{1,3}(?:\.\d{1,3}){3})(?::\d{1,5})?$/;
const IPV6 = /^(?:\[([0-9a-f:.]{2,45})\](?::\d{1,5})?|([0-9a-f:.]{2,45}))$/i;

/**
 * The address that calls are counted by. Each proxy appends the address that it was called from to
 * `X-Forwarded-For`, so only as many entries as there are proxies can be believed, counted from the right; everything
 * to the left of them is what the caller wrote.
 *
 * @param peer The other end of the connection.
 * @param trustedProxies How many proxies of ours every request passes; without any, no header is looked at.
 */
export function clientAddress(
  headers: Headers,
  peer: string | undefined,
  trustedProxies: number,
): string | undefined {
  if (trustedProxies === 0) return peer;
  const forwarded = (headers.get("x-forwarded-for") ?? "").slice(-MAX_HEADER).split(",");
  return address(forwarded.at(-trustedProxies)?.trim() ?? "") ?? peer;
}

function address(entry: string): string | undefined {
  const [, v4] = IPV4.exec(entry) ?? [];
  if (v4 !== undefined && URL.canParse(`http://${v4}`)) return v4;
  const [, bracketed, bare] = IPV6.exec(entry) ?? [];
  const v6 = (bracketed ?? bare)?.toLowerCase();
  return v6 !== undefined && URL.canParse(`http://[${v6}]`) ? v6 : undefined;
}
