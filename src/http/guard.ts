import { isLoopback } from "../net/loopback.ts";
import { HttpError } from "./errors.ts";

/** Who may talk to the server by which name, and which web pages may. */
export interface GuardOptions {
  /** Accepted names in `Host`; an entry without a port accepts every port. */
  readonly allowedHosts: readonly string[];
  /** Accepted values of `Origin`. */
  readonly allowedOrigins: readonly string[];
  /** Also accept every loopback name and origin: right for a server that only loopback can reach. */
  readonly loopback: boolean;
}

/** Names by which a server that listens on loopback is called; other addresses of 127.0.0.0/8 do not reach it. */
const OWN_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** Makes the checks that keep web pages from reaching the server behind its user's back (DNS rebinding, TRN-02, TRN-04). */
export function createGuard({ allowedHosts, allowedOrigins, loopback }: GuardOptions) {
  const names = [...allowedHosts, ...(loopback ? OWN_NAMES : [])];
  const acceptedHosts = new Set(names.map((name) => name.toLowerCase()));

  function allowsOrigin(origin: string): boolean {
    if (allowedOrigins.includes(origin)) return true;
    return loopback && URL.canParse(origin) && isLoopback(new URL(origin).hostname);
  }

  return {
    allowsOrigin,
    /** @throws HttpError 403, or 400 when host or path make no URL. */
    checkHost(request: Request): void {
      if (!URL.canParse(request.url)) {
        throw new HttpError(400, "The Host header and the path of the request make no URL.");
      }
      const host = (request.headers.get("host") ?? new URL(request.url).host).toLowerCase();
      if (acceptedHosts.has(host) || acceptedHosts.has(host.replace(/:\d+$/, ""))) return;
      throw new HttpError(
        403,
        "This server does not go by the name in the Host header. Add it to MCP_ALLOWED_HOSTS.",
      );
    },
    /** @throws HttpError 403. */
    checkOrigin(origin: string): void {
      if (allowsOrigin(origin)) return;
      throw new HttpError(
        403,
        "Web pages of this origin may not call this server. Add it to MCP_ALLOWED_ORIGINS.",
      );
    },
  };
}
