import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { createTestServer, ISSUER, NOW, TestIssuer, type TestServerOptions } from "../support.ts";

const introspection = { url: `${ISSUER}/introspect`, clientId: "notes", clientSecret: "s3cret" };

/** What the log says when a server that starts asks its issuer, which answers some paths otherwise. */
async function saidAtStart(
  answers: Readonly<Record<string, () => Response>>,
  options: TestServerOptions = {},
): Promise<string[]> {
  const issuer = await TestIssuer.create();
  const fetch = (async (input: string | URL | Request) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return answers[url.pathname]?.() ?? await issuer.fetch(input);
  }) as typeof globalThis.fetch;
  const { server } = await createTestServer({ fetch, ...options });
  const records = await logged(() => server.checkIssuers());
  return records.map(({ level, message }) => `${level}: ${message.join("")}`);
}

const METADATA = "/.well-known/oauth-authorization-server";

Deno.test("at start nothing is said of an issuer that can be used", async () => {
  assert.deepEqual(await saidAtStart({}), []);
  const inactive = { "/introspect": () => Response.json({ active: false }) };
  assert.deepEqual(await saidAtStart(inactive, { introspection }), []);
});

Deno.test("at start the log warns of a slash too many or too few, with the value to set", async () => {
  const slash = () => Response.json({ issuer: `${ISSUER}/`, jwks_uri: `${ISSUER}/jwks` });
  const [line, ...more] = await saidAtStart({ [METADATA]: slash });
  assert.match(
    line ?? "",
    /^warning: .*trailing slash.*Set AUTHORIZATION_SERVER_URL=https:\/\/issuer\.test\//,
  );
  assert.deepEqual(more, []);
});

Deno.test("at start the log warns of an issuer that publishes no keys", async () => {
  for (const keys of [() => Response.json({ keys: [] }), () => new Response("", { status: 404 })]) {
    const [line] = await saidAtStart({ "/jwks": keys });
    assert.match(line ?? "", /^warning: .*(empty JWK set|No keys)/);
  }
});

Deno.test("at start the log warns of a wrong introspection secret, with the variables to check", async () => {
  const refused = { "/introspect": () => new Response("", { status: 401 }) };
  const [line, ...more] = await saidAtStart(refused, { introspection });
  assert.match(line ?? "", /^warning: .*HTTP 401.*INTROSPECTION_CLIENT_SECRET/);
  assert.doesNotMatch(line ?? "", /s3cret/);
  assert.deepEqual(more, []);
});

Deno.test("at start the log warns of a clock that differs from the issuer's by more than the tolerance", async () => {
  const at = (ms: number) => () =>
    Response.json({ issuer: ISSUER, jwks_uri: `${ISSUER}/jwks` }, {
      headers: { date: new Date(ms).toUTCString() },
    });
  assert.deepEqual(await saidAtStart({ [METADATA]: at(NOW - 30_000) }), []);
  const [line] = await saidAtStart({ [METADATA]: at(NOW - 90_000) });
  assert.match(line ?? "", /clock here is 90 seconds ahead/);
});

Deno.test("at start the log warns of an issuer that is not there", async () => {
  const [line] = await saidAtStart({}, {
    fetch: () => Promise.reject(new TypeError("connection refused")),
  });
  assert.match(line ?? "", /^warning: .*connection refused.*Check AUTHORIZATION_SERVER_URL/);
});
