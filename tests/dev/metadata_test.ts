import assert from "node:assert/strict";
import { decodeProtectedHeader } from "@panva/jose";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { authorize, decide, readPage, redirected } from "./flow.ts";
import { createClock, devIssuer, ISSUER, register, RESOURCE } from "./dev_issuer.ts";

const DISCOVERY = [
  "/.well-known/oauth-authorization-server/auth",
  "/.well-known/openid-configuration/auth",
  "/auth/.well-known/openid-configuration",
];

Deno.test("discovery is one document at the inserted and the appended paths, and not at the bare root (AS-01, MIX-07)", async () => {
  const { app } = await devIssuer();
  const documents = await Promise.all(DISCOVERY.map(async (path) => {
    const response = await app.request(path);
    assert.equal(response.status, 200, path);
    assert.match(response.headers.get("content-type") ?? "", /^application\/json/);
    return await response.json();
  }));
  assert.deepEqual(documents[1], documents[0]);
  assert.deepEqual(documents[2], documents[0]);
  for (const path of ["/.well-known/oauth-authorization-server", "/.well-known/openid-configuration"]) {
    assert.equal((await app.request(path)).status, 404, path);
  }
});

const MEMBERS: Record<string, Record<string, unknown>> = {
  "the issuer (AS-02)": { issuer: ISSUER },
  "both endpoints, the code flow and S256 (AS-03)": {
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    response_types_supported: ["code"],
    code_challenge_methods_supported: ["S256"],
  },
  "the ways to authenticate, and to come without (AS-05)": {
    token_endpoint_auth_methods_supported: [
      "none",
      "client_secret_basic",
      "client_secret_post",
      "private_key_jwt",
    ],
  },
  "the grant types (AS-06)": {
    grant_types_supported: [
      "authorization_code",
      "refresh_token",
      "urn:ietf:params:oauth:grant-type:token-exchange",
    ],
  },
  "the iss of responses (AS-07)": { authorization_response_iss_parameter_supported: true },
  "the scopes": {
    scopes_supported: ["notes:read", "profile:read", "openid", "profile", "email", "offline_access"],
  },
};

for (const [what, members] of Object.entries(MEMBERS)) {
  Deno.test(`metadata states ${what}`, async () => {
    const { app } = await devIssuer();
    const metadata = await (await app.request("/.well-known/oauth-authorization-server/auth")).json();
    for (const [name, value] of Object.entries(members)) assert.deepEqual(metadata[name], value);
  });
}

Deno.test("metadata documents are advertised outside loopback only, unless it is said otherwise (AS-04, A17)", async () => {
  const cases = [
    [ISSUER, undefined, false],
    [ISSUER, true, true],
    ["https://notes.example/auth", undefined, true],
    ["https://notes.example/auth", false, false],
  ] as const;
  for (const [issuer, advertiseClientDocuments, expected] of cases) {
    const { app } = await devIssuer({ issuer, advertiseClientDocuments });
    for (const path of DISCOVERY) {
      const { client_id_metadata_document_supported } = await (await app.request(path)).json();
      assert.equal(client_id_metadata_document_supported, expected, `${issuer} ${advertiseClientDocuments}`);
    }
  }
});

Deno.test("every advertised endpoint exists and no array is empty (AS-03, AS-09)", async () => {
  const { app } = await devIssuer({ scopes: {} });
  const metadata: Record<string, unknown> = await (await app.request(DISCOVERY[0] ?? "")).json();
  for (const [member, value] of Object.entries(metadata)) {
    if (Array.isArray(value)) assert.ok(value.length > 0, member);
    if (!/_endpoint$|^jwks_uri$/.test(member)) continue;
    const { origin, pathname } = new URL(String(value));
    assert.equal(origin, new URL(ISSUER).origin, member);
    const method = /^(?:authorization_endpoint|jwks_uri|userinfo_endpoint)$/.test(member) ? "GET" : "POST";
    assert.notEqual((await app.request(pathname, { method })).status, 404, member);
  }
});

Deno.test("the issuer's name is the same in metadata, token and both kinds of redirect (AS-02, AS-07, AS-08)", async () => {
  const issuer = await devIssuer();
  const { client_id } = await register(issuer);
  const page = await readPage(await authorize(issuer, client_id));
  assert.equal(redirected(await decide(issuer, page)).iss, ISSUER);
  assert.equal(redirected(await authorize(issuer, client_id, { scope: "unknown" })).iss, ISSUER);
});

Deno.test("the JWKS holds public keys only, with kid and alg (AS-10)", async () => {
  for (const signingAlgorithm of ["ES256", "RS256"] as const) {
    const issuer = await devIssuer({ signingAlgorithm });
    const { keys } = await (await issuer.fetch(`${ISSUER}/jwks.json`)).json();
    assert.equal(keys.length, 1);
    const { kid, alg, use } = keys[0];
    assert.deepEqual([alg, use], [signingAlgorithm, "sig"]);
    assert.equal(decodeProtectedHeader(await issuer.accessToken()).kid, kid);
    for (const secret of ["d", "p", "q", "dp", "dq", "qi"]) assert.ok(!(secret in keys[0]), secret);
  }
});

Deno.test("after a rotation the old key stays until its tokens have expired (AS-10)", async () => {
  const clock = createClock();
  const issuer = await devIssuer({ now: clock.now, accessTokenSeconds: 60 });
  const kids = async () => {
    const { keys } = await (await issuer.fetch(`${ISSUER}/jwks.json`)).json();
    return keys.map(({ kid }: { kid: string }) => kid);
  };
  const [first] = await kids();
  await issuer.faults.rotateKeys();
  const [second, ...older] = await kids();
  assert.notEqual(second, first);
  assert.deepEqual(older, [first]);
  assert.equal(decodeProtectedHeader(await issuer.accessToken()).kid, second);
  clock.pass(61);
  assert.deepEqual(await kids(), [second]);
});

Deno.test("an issuer outside loopback must be https, and a plain identifier (AS-02, AS-11)", async () => {
  const options = { resource: RESOURCE, scopes: {} };
  for (const bad of ["http://notes.example/auth", `${ISSUER}/`, `${ISSUER}?a=b`, `${ISSUER}#a`, "auth"]) {
    await assert.rejects(createDevIssuer({ ...options, issuer: bad }), /Cannot use .* as issuer/, bad);
  }
  await createDevIssuer({ ...options, issuer: "https://notes.example/auth" });
});

Deno.test("web pages of any origin may call every endpoint but those for a person (AS-12)", async () => {
  const { app } = await devIssuer();
  const open = async (path: string, method: string) => {
    const preflight = await app.request(path, {
      method: "OPTIONS",
      headers: { origin: "https://app.example", "access-control-request-method": method },
    });
    return preflight.headers.get("access-control-allow-origin");
  };
  for (const path of [...DISCOVERY, "/auth/jwks.json", "/auth/userinfo"]) {
    assert.equal(await open(path, "GET"), "*", path);
  }
  for (const path of ["/auth/token", "/auth/register", "/auth/revoke"]) {
    assert.equal(await open(path, "POST"), "*", path);
  }
  const refused = await app.request("/auth/token", {
    method: "POST",
    headers: { origin: "https://app.example" },
  });
  assert.equal(refused.status, 400);
  assert.equal(refused.headers.get("access-control-allow-origin"), "*");
  assert.equal(await open("/auth/authorize", "GET"), null);
  assert.equal(await open("/auth/consent", "POST"), null);
});
