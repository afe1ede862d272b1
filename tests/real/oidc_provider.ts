import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** An authorization server that somebody else wrote, until it is disposed of. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
}

/** What of `oidc-provider` is used here; it comes without types. */
type Provider = new (
  issuer: string,
  configuration: Record<string, unknown>,
) => { callback(): RequestListener };

const SCOPES = ["notes:read", "notes:write"];

/** Seconds that an access token lives: one from a sign-in, and one from a refresh. */
export const LIFETIME = { signIn: 600, refresh: 7_200 };

/**
 * Starts `oidc-provider` on a free loopback port: anyone may register a client and sign in under any name, and
 * access tokens are JWTs for the resource that was asked for (RFC 8707, RFC 9068).
 */
export async function startOidcProvider(): Promise<AuthorizationServer> {
  const { default: Provider } = await import("oidc-provider") as { default: Provider };
  const { privateKey } = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, [
    "sign",
  ]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  const jwk = { kty, crv, x, y, d, kid: "own", alg: "ES256", use: "sig" };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    jwks: { keys: [jwk] },
    cookies: { keys: [crypto.randomUUID()] },
    clientDefaults: { id_token_signed_response_alg: "ES256" },
    scopes: ["openid", "offline_access", ...SCOPES],
    extraClientMetadata: { properties: ["own"], validator: allowEveryScope },
    ttl: { AccessToken: lifetime, RefreshToken: 600, Grant: 600, Session: 600, Interaction: 600 },
    issueRefreshToken: (_: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed("refresh_token"),
    features: {
      registration: { enabled: true },
      devInteractions: { enabled: true },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_: unknown, resource: string) => ({
          scope: SCOPES.join(" "),
          audience: resource,
          accessTokenFormat: "jwt",
          jwt: { sign: { alg: "ES256" } },
        }),
      },
    },
  });
  server.on("request", provider.callback());
  return {
    issuer,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function lifetime({ oidc }: { oidc: { params: { grant_type: string } } }): number {
  return oidc.params.grant_type === "refresh_token" ? LIFETIME.refresh : LIFETIME.signIn;
}

/** Clients register for the scopes of their first challenge; a later step-up must be able to ask for more. */
function allowEveryScope(
  _context: unknown,
  _name: string,
  _value: unknown,
  client: { scope?: string },
): void {
  delete client.scope;
}
