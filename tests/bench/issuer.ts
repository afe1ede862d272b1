import { exportJWK, generateKeyPair, SignJWT } from "@panva/jose";
import { RESOURCE } from "../app/support.ts";

/** An authorization server on loopback, as far as a resource server sees one. */
export interface Issuer {
  readonly issuer: string;
  /** An access token for the sample app's orders, good for an hour, signed with RS256 as Auth0's are. */
  readonly token: string;
  stop(): Promise<void>;
}

/** Starts an issuer with one key. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair("RS256");
  const jwk = { ...await exportJWK(publicKey), kid: "key-1", alg: "RS256", use: "sig" };
  const listener = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, ({ url }): Response => {
    const { origin, pathname } = new URL(url);
    return Response.json(
      pathname === "/jwks" ? { keys: [jwk] } : { issuer: origin, jwks_uri: `${origin}/jwks` },
    );
  });
  const issuer = `http://127.0.0.1:${listener.addr.port}`;
  const token = await new SignJWT({ client_id: "bench", scope: "orders:read" })
    .setProtectedHeader({ alg: "RS256", typ: "at+jwt", kid: jwk.kid })
    .setIssuer(issuer).setSubject("ada").setAudience(RESOURCE).setIssuedAt().setExpirationTime("1h")
    .sign(privateKey);
  return { issuer, token, stop: () => listener.shutdown() };
}
