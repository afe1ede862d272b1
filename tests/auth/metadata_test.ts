import assert from "node:assert/strict";
import { parseChallenge } from "../challenge_parser.ts";
import { ask, createTestServer, ISSUER, RESOURCE, rpc, toolCall } from "../support.ts";
import { tinyApp } from "../tiny_app.ts";

const ORIGIN = new URL(RESOURCE).origin;
const INSERTED = `${ORIGIN}/.well-known/oauth-protected-resource/mcp`;
const ROOT = `${ORIGIN}/.well-known/oauth-protected-resource`;
const { server } = await createTestServer();

const metadata = await ask<Record<string, unknown>>(server, new Request(INSERTED));

Deno.test("the protected resource metadata lies where RFC 9728 puts it, as JSON for everyone (PRM-01, PRM-03, PRM-06)", () => {
  assert.equal(metadata.status, 200);
  assert.match(metadata.headers.get("content-type") ?? "", /^application\/json/);
});

const MEMBERS: Record<string, Record<string, unknown>> = {
  "the resource, byte for byte (PRM-05)": { resource: RESOURCE },
  "the issuer, byte for byte (PRM-02)": { authorization_servers: [ISSUER] },
  "the scopes of the tools (PRM-09)": { scopes_supported: await scopesOfTools() },
  "how tokens come, and what the resource is called (PRM-10)": {
    bearer_methods_supported: ["header"],
    resource_name: "Notes",
  },
};

for (const [what, members] of Object.entries(MEMBERS)) {
  Deno.test(`the protected resource metadata names ${what}`, () => {
    for (const [name, value] of Object.entries(members)) assert.deepEqual(metadata.body[name], value);
  });
}

Deno.test("the protected resource metadata has no other member, and so none that is empty (PRM-07)", () => {
  const expected = Object.values(MEMBERS).flatMap((members) => Object.keys(members));
  assert.deepEqual(Object.keys(metadata.body).sort(), expected.sort());
});

Deno.test("what an app does not have is not in its metadata, not even as an empty list (PRM-07)", async () => {
  const { server } = await createTestServer({ app: { ...tinyApp([]), scopes: {} } });
  const { body } = await ask<Record<string, unknown>>(server, new Request(INSERTED));
  assert.deepEqual(Object.keys(body).sort(), [
    "authorization_servers",
    "bearer_methods_supported",
    "resource",
    "resource_name",
  ]);
});

Deno.test("the same document lies at the root, for clients that look there (PRM-04, C4)", async () => {
  const [inserted, root] = await Promise.all([INSERTED, ROOT].map((url) => ask(server, new Request(url))));
  assert.equal(root?.text, inserted?.text);
});

for (
  const path of ["/mcp/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/other"]
) {
  Deno.test(`there is no metadata at ${path} (PRM-03)`, async () => {
    assert.equal((await server.request(ORIGIN + path)).status, 404);
  });
}

for (const path of ["oauth-authorization-server", "openid-configuration"]) {
  Deno.test(`the origin has no /.well-known/${path}, which would make hosts take it for one (MIX-07)`, async () => {
    for (const suffix of ["", "/mcp"]) {
      assert.equal((await server.request(`${ORIGIN}/.well-known/${path}${suffix}`)).status, 404);
    }
  });
}

for (const url of [INSERTED, ROOT]) {
  const { pathname } = new URL(url);

  Deno.test(`every web page may read ${pathname} (PRM-11)`, async () => {
    const headers = { origin: "https://inspector.example" };
    const response = await server.request(url, { headers });
    assert.equal(response.status, 200);
    assert.equal(response.headers.get("access-control-allow-origin"), "*");
    assert.match(response.headers.get("cache-control") ?? "", /max-age=\d+/);
    const preflight = await server.request(url, {
      method: "OPTIONS",
      headers: { ...headers, "access-control-request-method": "GET" },
    });
    assert.equal(preflight.status, 204);
    assert.equal(preflight.headers.get("access-control-allow-origin"), "*");
  });

  Deno.test(`${pathname} answers HEAD without a body, and 405 with Allow to what would change it (PRM-11)`, async () => {
    const head = await server.request(url, { method: "HEAD" });
    assert.equal(head.status, 200);
    assert.equal(await head.text(), "");
    for (const method of ["POST", "PUT", "DELETE"]) {
      const response = await server.request(url, { method });
      assert.equal(response.status, 405);
      assert.equal(response.headers.get("allow"), "GET, HEAD, OPTIONS");
    }
  });
}

Deno.test("what we say about ourselves never comes from the request (AUTH-30)", async () => {
  const headers = {
    "x-forwarded-host": "evil.example",
    "x-forwarded-proto": "https",
    "x-forwarded-port": "444",
    "forwarded": "host=evil.example;proto=https",
  };
  const { text } = await ask(server, new Request(INSERTED, { headers }));
  const denied = await ask(server, toolCall("legacy", "list_notes", {}, { headers }));
  assert.equal(denied.status, 401);
  for (const said of [text, denied.headers.get("www-authenticate"), denied.text]) {
    assert.ok(said && !said.includes("evil.example") && !said.includes("444"));
  }
});

for (
  const [resource, path] of [
    ["https://notes.example", "/.well-known/oauth-protected-resource"],
    ["https://notes.example/", "/.well-known/oauth-protected-resource"],
    ["https://notes.example/v1/mcp", "/.well-known/oauth-protected-resource/v1/mcp"],
    ["https://notes.example:8443/mcp", "/.well-known/oauth-protected-resource/mcp"],
    ["https://notes.example/caf%C3%A9/mcp", "/.well-known/oauth-protected-resource/caf%C3%A9/mcp"],
  ] as const
) {
  Deno.test(`the resource ${resource} is named byte for byte, at ${path} (PRM-03, PRM-05)`, async () => {
    const { server } = await createTestServer({
      resource,
      allowedHosts: [new URL(resource).host],
      loopback: false,
    });
    const url = new URL(path, resource);
    const { status, body } = await ask<Record<string, unknown>>(server, new Request(url));
    assert.equal(status, 200);
    assert.equal(body["resource"], resource);
  });
}

for (const path of ["/caf%C3%A9/mcp", "/a%20b/mcp", "/100%25/mcp", "/a%2Fb/mcp"]) {
  Deno.test(`an endpoint with the path ${path} answers there, and so does its metadata (A13)`, async () => {
    const resource = `https://notes.example${path}`;
    const { server } = await createTestServer({
      resource,
      allowedHosts: ["notes.example"],
      loopback: false,
    });
    const answer = await ask(server, new Request(resource, toolCall("legacy", "list_notes")));
    assert.equal(answer.status, 401);
    const { resource_metadata } = parseChallenge(answer.headers.get("www-authenticate") ?? "");
    const { body } = await ask<Record<string, unknown>>(server, new Request(resource_metadata ?? ""));
    assert.equal(body["resource"], resource);
  });
}

Deno.test("issuers are named in the order of the configuration, byte for byte (PRM-02, PRM-12)", async () => {
  const issuers = ["https://b.test/", "https://a.test", "https://c.test/x/"];
  const { server } = await createTestServer({ issuers });
  const { body } = await ask<Record<string, unknown>>(server, new Request(INSERTED));
  assert.deepEqual(body["authorization_servers"], issuers);
});

/** The scopes that `tools/list` advertises, each once. */
async function scopesOfTools(): Promise<string[]> {
  const { body } = await ask(server, rpc("modern", "tools/list"));
  const tools = body.result?.["tools"] as { securitySchemes: { scopes?: string[] }[] }[];
  const scopes = tools.flatMap(({ securitySchemes }) =>
    securitySchemes.flatMap(({ scopes }) => scopes ?? [])
  );
  return [...new Set(scopes)].sort();
}
