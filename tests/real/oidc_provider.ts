import { jwtVerify } from "@panva/jose";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";

/** An authorization server that somebody else wrote, until it is disposed of. */
export interface AuthorizationServer extends AsyncDisposable {
  readonly issuer: string;
  /** A client that may exchange tokens (RFC 8693). */
  readonly resourceServer: { readonly clientId: string; readonly clientSecret: string };
}

/** What of `oidc-provider` is used here; it comes without types. */
interface Provider {
  callback(): RequestListener;
  registerGrantType(name: string, handler: (context: Context) => Promise<void>, params: string[]): void;
  readonly AccessToken: new (members: Record<string, unknown>) => {
    save(): Promise<string>;
    readonly expiration: number;
  };
  readonly ResourceServer: new (identifier: string, info: Record<string, unknown>) => object;
}

/** A request to the token endpoint whose client has been authenticated. */
interface Context {
  readonly oidc: { readonly client: object; readonly params: Readonly<Record<string, string>> };
  body: unknown;
}

interface Library {
  readonly default: new (issuer: string, configuration: Record<string, unknown>) => Provider;
  readonly errors: Readonly<Record<"InvalidRequest" | "InvalidScope", new (description: string) => Error>>;
}

const SCOPES = [
  "notes:read",
  "notes:write",
  "contacts:read",
  "contacts:write",
  "orders:read",
  "orders:write",
];
const TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
const ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

/** Seconds that an access token lives: one from a sign-in, and one from a refresh. */
export const LIFETIME = { signIn: 600, refresh: 7_200 };

/**
 * Starts `oidc-provider` on a free loopback port: anyone may register a client and sign in under any name, and
 * access tokens are JWTs for the resource that was asked for (RFC 8707, RFC 9068).
 */
export async function startOidcProvider(): Promise<AuthorizationServer> {
  const { default: Provider, errors } = await import("oidc-provider") as Library;
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", privateKey);
  const jwk = { kty, crv, x, y, d, kid: "own", alg: "ES256", use: "sig" };
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const resourceServer = { clientId: "mcp:server", clientSecret: crypto.randomUUID() };
  const getResourceServerInfo = (_: unknown, resource: string) => ({
    scope: SCOPES.join(" "),
    audience: resource,
    accessTokenFormat: "jwt",
    jwt: { sign: { alg: "ES256" } },
  });
  const provider = new Provider(issuer, {
    clients: [{
      client_id: resourceServer.clientId,
      client_secret: resourceServer.clientSecret,
      grant_types: [TOKEN_EXCHANGE],
      ...{ redirect_uris: [], response_types: [] },
    }],
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
        getResourceServerInfo,
      },
    },
  });
  provider.registerGrantType(TOKEN_EXCHANGE, async (context) => {
    const { client, params: { subject_token = "", subject_token_type, resource = "", scope = "" } } =
      context.oidc;
    const subject = await jwtVerify(subject_token, publicKey, { issuer }).catch(() => undefined);
    if (!subject || subject_token_type !== ACCESS_TOKEN) {
      throw new errors.InvalidRequest("subject_token is not an access token of this issuer");
    }
    const held = String(subject.payload["scope"]).split(" ");
    if (!scope.split(" ").every((name) => held.includes(name))) {
      throw new errors.InvalidScope("an exchange cannot add scopes");
    }
    const token = new provider.AccessToken({
      accountId: subject.payload.sub,
      client,
      scope,
      resourceServer: new provider.ResourceServer(resource, getResourceServerInfo(undefined, resource)),
    });
    context.body = {
      access_token: await token.save(),
      issued_token_type: ACCESS_TOKEN,
      token_type: "Bearer",
      expires_in: token.expiration,
      scope,
    };
  }, ["subject_token", "subject_token_type", "requested_token_type", "resource", "audience", "scope"]);
  server.on("request", provider.callback());
  return {
    issuer,
    resourceServer,
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
