import { opaqueToken } from "../opaque_token.ts";

/** Recognises the browser that began a sign-in, so that no other one can be made to finish it (ASA-09). */
export interface BrowserCookie {
  /** The value the request carries, if it is one of ours. */
  read(request: Request): string | undefined;
  /** A new value, and with {@linkcode BrowserCookie.header} how to set it. */
  create(): string;
  header(value: string): string;
}

/**
 * The cookie for an issuer. Over https it has the `__Host-` prefix and `Secure`; plain http on loopback can have neither
 * (ASA-11). `Lax` lets it come along when the app opens the page, and never on another site's POST.
 */
export function createBrowserCookie(issuer: string): BrowserCookie {
  const secure = issuer.startsWith("https:");
  const name = secure ? "__Host-dev-sign-in" : "dev-sign-in";
  const pattern = new RegExp(`(?:^|;\\s*)${name}=([A-Za-z0-9_-]{43})(?:;|$)`);
  const attributes = `Path=/; Max-Age=600; HttpOnly; SameSite=Lax${secure ? "; Secure" : ""}`;
  return {
    read: (request) => pattern.exec(request.headers.get("cookie") ?? "")?.[1],
    create: opaqueToken,
    header: (value) => `${name}=${value}; ${attributes}`,
  };
}
