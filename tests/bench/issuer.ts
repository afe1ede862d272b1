import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { RESOURCE } from "../test_issuer.ts";
import { SCOPE } from "./library.js";

/** An authorization server on loopback, as far as a resource server sees one. */
export interface Issuer extends AsyncDisposable {
  readonly issuer: string;
  /** An access token for one person's loans, good for an hour, signed with RS256 as Auth0's are. */
  token(subject: string, keyId?: string): Promise<string>;
}

/** Starts an issuer with one key. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...await exportJWK(publicKey), kid: "key-1", alg: "RS256", use: "sig" };
  const listener = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }): Response => {
    const { origin, pathname } = new URL(url);
    return Response.json(
      pathname === "/jwks"
        ? { keys: [jwk] }
        : { issuer: origin, jwks_uri: `${origin}/jwks`, authorization_endpoint: `${origin}/authorize` },
    );
  });
  const issuer = `http://127.0.0.1:${listener.addr.port}`;
  return {
    issuer,
    token: (subject, kid = jwk.kid) =>
      new SignJWT({ client_id: "bench", scope: SCOPE })
        .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid })
        .setIssuer(issuer).setSubject(subject).setAudience(RESOURCE).setIssuedAt().setExpirationTime("1h")
        .sign(privateKey),
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}
