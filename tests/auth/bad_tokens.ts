import { base64url, exportJWK, exportSPKI, UnsecuredJWT } from "@panva/jose";
import { NOW, RESOURCE, TestIssuer } from "../test_issuer.ts";

/** Marks every bad token's claims, so that a leak of any of them can be seen. */
export const CANARY = "canary-in-a-bad-token";

const SECONDS = NOW / 1000;
const encode = (value: unknown) => base64url.encode(JSON.stringify(value));
const utf8 = (text: string) => new TextEncoder().encode(text);

/** Every token here has to be refused by a resource that trusts `issuer` only; named by what is wrong with it. */
export async function badTokens(issuer: TestIssuer): Promise<Record<string, string>> {
  const stranger = await TestIssuer.create("https://stranger.test");
  const jti = { jti: CANARY };
  const claims = (changed: Record<string, unknown>) => issuer.token({ ...jti, ...changed });
  const header = (changed: Record<string, unknown>) => issuer.token(jti, changed);
  const good = await issuer.token(jti);
  const [head = "", payload = "", signature = ""] = good.split(".");
  const strangerKey = await signedBy(stranger, jti);
  const attackerJwk = await exportJWK(stranger.publicKey);
  const hs256 = { alg: "HS256" };

  return {
    "signed by another key under a known key id": strangerKey,
    "signed by another key that comes in a jwk header": await signedBy(stranger, jti, { jwk: attackerJwk }),
    "signed by another key behind a jku header": await signedBy(stranger, jti, {
      jku: "https://stranger.test/jwks",
    }),
    "signed by another key behind an x5u header": await signedBy(stranger, jti, {
      x5u: "https://stranger.test/x5u",
    }),
    "with a signature of other claims": [head, encode({ ...jti, iss: issuer.issuer }), signature].join("."),
    "with a signature cut short": good.slice(0, -8),
    "without a signature": `${head}.${payload}.`,
    "in two parts": `${head}.${payload}`,
    "in four parts": `${good}.${signature}`,
    "encrypted, by its five parts": `${encode({ alg: "RSA-OAEP", enc: "A256GCM" })}.a.b.c.d`,
    "one word": "opaque-token-of-another-kind",
    "of dots": "...",
    "of junk in base64": "AAAA.BBBB.CCCC",
    "with a header that is not JSON": `${base64url.encode("{alg")}.${payload}.${signature}`,
    "with a header that is an array": `${encode(["ES256"])}.${payload}.${signature}`,
    "with a payload that is not JSON": `${head}.${base64url.encode("not json")}.${signature}`,
    "with a payload that is an array": `${head}.${encode([jti])}.${signature}`,
    "with a payload that is null": `${head}.${encode(null)}.${signature}`,
    "unsecured, alg none": new UnsecuredJWT({ iss: issuer.issuer, aud: RESOURCE, sub: "ada", ...jti })
      .setExpirationTime(SECONDS + 600).encode(),
    "with alg None in another case": `${encode({ alg: "nOnE", typ: "at+jwt" })}.${payload}.`,
    "HMAC with the public key in PEM": await issuer.token(
      jti,
      hs256,
      utf8(await exportSPKI(issuer.publicKey)),
    ),
    "HMAC with the public key in JWK": await issuer.token(
      jti,
      hs256,
      utf8(JSON.stringify(await exportJWK(issuer.publicKey))),
    ),
    "HMAC with an empty key id": await issuer.token(jti, { ...hs256, kid: "" }, new Uint8Array(32)),
    "without an algorithm": `${encode({ typ: "at+jwt" })}.${payload}.${signature}`,
    "with an algorithm that is a number": `${encode({ alg: 256 })}.${payload}.${signature}`,
    "with a type that is a number": `${encode({ alg: "ES256", typ: 7 })}.${payload}.${signature}`,
    "with an algorithm of another key type": `${
      encode({ alg: "RS256", kid: "key-1" })
    }.${payload}.${signature}`,
    "with an unknown key id": await header({ kid: "key-of-nobody" }),
    "with a key id that is a path": await header({ kid: "../../../../dev/null" }),
    "with a key id that is SQL": await header({ kid: "' OR 1=1 --" }),
    "with a key id that is a property": await header({ kid: "__proto__" }),
    "typed as an ID token": await header({ typ: "id_token" }),
    "typed as any JOSE object": await header({ typ: "JOSE" }),
    "typed as a logout token": await header({ typ: "logout+jwt" }),
    "typed as a DPoP proof": await header({ typ: "dpop+jwt" }),
    "with a critical extension nobody knows": `${
      encode({ alg: "ES256", kid: "key-1", crit: ["exp"], exp: SECONDS })
    }.${payload}.${signature}`,
    "with an unencoded payload": `${
      encode({ alg: "ES256", kid: "key-1", b64: false, crit: ["b64"] })
    }.${payload}.${signature}`,
    "of another issuer": await stranger.token(jti),
    "of an issuer with one slash more": await claims({ iss: `${issuer.issuer}/` }),
    "of an issuer in capitals": await claims({ iss: issuer.issuer.toUpperCase() }),
    "of a list of issuers": await claims({ iss: [issuer.issuer] }),
    "of no issuer": await claims({ iss: undefined }),
    "of an issuer that is a property": await claims({ iss: "__proto__" }),
    "for nobody": await claims({ aud: undefined }),
    "for an empty list": await claims({ aud: [] }),
    "for the resource next door": await claims({ aud: `${new URL(RESOURCE).origin}/other` }),
    "for the origin of the resource": await claims({ aud: new URL(RESOURCE).origin }),
    "for a path below the resource": await claims({ aud: `${RESOURCE}/more` }),
    "for the resource with a slash": await claims({ aud: `${RESOURCE}/` }),
    "for other resources": await claims({ aud: ["https://a.test/mcp", "https://b.test/mcp"] }),
    "for a number": await claims({ aud: 8000 }),
    "for an object": await claims({ aud: { [RESOURCE]: true } }),
    "for a list inside a list": await claims({ aud: [[RESOURCE]] }),
    "without an end": await claims({ exp: undefined }),
    "that ends at a word": await claims({ exp: String(SECONDS + 600) }),
    "that ended a minute ago": await claims({ exp: SECONDS - 60 }),
    "that ended half a minute ago, past the leeway": await claims({ exp: SECONDS - 30 }),
    "that begins in a minute": await claims({ nbf: SECONDS + 60 }),
    "that begins past the leeway": await claims({ nbf: SECONDS + 31 }),
    "that begins at a word": await claims({ nbf: String(SECONDS) }),
    "issued at a word": await claims({ iat: "now" }),
    "about nobody": await claims({ sub: undefined }),
    "about an empty subject": await claims({ sub: "" }),
    "about a number": await claims({ sub: 42 }),
    "about an object": await claims({ sub: { name: "ada" } }),
    "about half a character (A10)": await claims({ sub: "\ud800" }),
    "about a subject with half a character (A10)": await claims({ sub: "ada \udc01" }),
    "about a subject with NUL (A10)": await claims({ sub: "ada\0" }),
    "about a subject with a line break (A10)": await claims({ sub: "ada\nbob" }),
    "about a subject with a C1 control (A10)": await claims({ sub: "ada\x9b31m" }),
    "about a subject of 256 characters (A10)": await claims({ sub: "a".repeat(256) }),
    "of a client with half a character (A10)": await claims({ client_id: "\ud800" }),
    "of a client in azp with a line break (A10)": await claims({ client_id: undefined, azp: "a\r\nb" }),
    "of a client with a very long name (A10)": await claims({ client_id: "c".repeat(2_049) }),
    "with NUL in a scope (A10)": await claims({ scope: "notes:read \0" }),
    "with half a character in a list of scopes (A10)": await claims({ scope: ["notes:read", "\udfff"] }),
    "with a very long scope (A10)": await claims({ scope: `notes:read ${"s".repeat(256)}` }),
    "with too many scopes (A10)": await claims({
      scope: Array.from({ length: 1_001 }, (_, index) => index).join(" "),
    }),
    "bound to a DPoP key": await claims({ cnf: { jkt: "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I" } }),
    "bound to a certificate": await claims({
      cnf: { "x5t#S256": "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" },
    }),
    "bound to nothing that can be told": await claims({ cnf: null }),
  };
}

/** What the trusted issuer would sign, signed by somebody else. */
async function signedBy(stranger: TestIssuer, claims: object, header: object = {}): Promise<string> {
  return await stranger.token({ iss: "https://issuer.test", ...claims }, { kid: "key-1", ...header });
}
