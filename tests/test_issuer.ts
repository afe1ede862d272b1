import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "@panva/jose";

export const RESOURCE = "http://localhost:8000/mcp";
export const ISSUER = "https://issuer.test";
/** A moment for tests to happen at, in milliseconds. */
export const NOW = Date.UTC(2026, 10, 23, 12);

/** Somebody's authorization server as seen from outside, not the development one: metadata, keys, and whatever it would sign. */
export class TestIssuer {
  /** Requests that arrived, by path. */
  readonly requests: string[] = [];
  down = false;
  keyId = "key-1";
  /** Scope of tokens, unless the claims say otherwise. */
  scope = "notes:read";
  #keys: CryptoKeyPair;

  private constructor(readonly issuer: string, readonly alg: string, keys: CryptoKeyPair) {
    this.#keys = keys;
  }

  static async create(issuer = ISSUER, alg = "ES256"): Promise<TestIssuer> {
    return new TestIssuer(issuer, alg, await generateKeyPair(alg, { extractable: true }));
  }

  /** Signs with a new key from now on, and publishes that one only. */
  async rotate(keyId: string): Promise<void> {
    this.#keys = await generateKeyPair(this.alg, { extractable: true });
    this.keyId = keyId;
  }

  get publicKey(): CryptoKey {
    return this.#keys.publicKey;
  }

  /** Answers metadata and keys; every other address does not exist. */
  readonly fetch = async (input: string | URL | Request): Promise<Response> => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    this.requests.push(pathname);
    if (this.down) throw new TypeError("connection refused");
    if (pathname.startsWith("/.well-known/oauth-authorization-server")) {
      return Response.json({ issuer: this.issuer, jwks_uri: `${new URL(this.issuer).origin}/jwks` });
    }
    if (pathname !== "/jwks") return new Response("not found", { status: 404 });
    const jwk = await exportJWK(this.#keys.publicKey);
    return Response.json({ keys: [{ ...jwk, kid: this.keyId, alg: this.alg, use: "sig" }] });
  };

  /** An access token that is good at NOW, unless claims and header say otherwise; undefined removes a member. */
  async token(
    claims: Record<string, unknown> = {},
    header: Record<string, unknown> = {},
    key?: CryptoKey | Uint8Array,
  ): Promise<string> {
    const iat = Math.floor(NOW / 1000);
    const payload: JWTPayload = {
      iss: this.issuer,
      aud: RESOURCE,
      sub: "ada",
      client_id: "test-client",
      scope: this.scope,
      iat,
      exp: iat + 600,
      ...claims,
    };
    return await new SignJWT(payload)
      .setProtectedHeader({ alg: this.alg, typ: "at+jwt", kid: this.keyId, ...header })
      .sign(key ?? this.#keys.privateKey);
  }
}
