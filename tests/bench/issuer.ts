import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { RESOURCE } from "../test_issuer.ts";
import { SCOPE } from "./library.js";

/** An authorization server on loopback, as far as a resource server sees one. */
export interface Issuer extends AsyncDisposable {
  readonly issuer: string;
  /**
   * An access token of one person, good for an hour, signed with RS256 as Auth0's are.
   *
   * @param keyId `FIRST_KEY` unless said otherwise; with an unknown one nobody can verify the signature.
   */
  token(subject: string, keyId?: string): Promise<string>;
  /** From now on these keys are the ones that it publishes; at first `FIRST_KEY` alone. */
  publish(...keyIds: readonly string[]): void;
}

export const FIRST_KEY = "key-1";
export const NEXT_KEY = "key-2";

/** Starts an issuer. @param scope Of its tokens. */
export async function startIssuer(scope = SCOPE): Promise<Issuer> {
  const [first, next] = [await createKey(FIRST_KEY), await createKey(NEXT_KEY)];
  let published: readonly string[] = [FIRST_KEY];
  const listener = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }): Response => {
    const { origin, pathname } = new URL(url);
    return Response.json(
      pathname === "/jwks"
        ? { keys: [first, next].map(({ jwk }) => jwk).filter(({ kid }) => published.includes(kid)) }
        : { issuer: origin, jwks_uri: `${origin}/jwks`, authorization_endpoint: `${origin}/authorize` },
    );
  });
  const issuer = `http://127.0.0.1:${listener.addr.port}`;
  return {
    issuer,
    token: (subject, kid = FIRST_KEY) =>
      new SignJWT({ client_id: "bench", scope })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid })
        // Two of one second would be the same token otherwise.
        .setJti(crypto.randomUUID())
        .setIssuer(issuer).setSubject(subject).setAudience(RESOURCE).setIssuedAt().setExpirationTime("1h")
        .sign(kid === NEXT_KEY ? next.privateKey : first.privateKey),
    publish(...keyIds) {
      published = keyIds;
    },
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

async function createKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  return { privateKey, jwk: { ...await exportJWK(publicKey), kid, alg: "RS256", use: "sig" } };
}
