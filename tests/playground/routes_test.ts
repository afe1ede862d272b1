import assert from "node:assert/strict";
import { createDevIssuer } from "../../src/dev/issuer.ts";
import { createPlayground } from "../../src/dev/playground/playground.ts";
import { createTestServer, RESOURCE } from "../support.ts";

const PAGE = "http://localhost:8000";
const SANDBOX = "http://127.0.0.1:8000";

async function withPlayground(resource = RESOURCE) {
  const { origin } = new URL(resource);
  const scopes = { "orders:read": "See your past orders" };
  const issuer = await createDevIssuer({ issuer: `${origin}/auth`, resource, scopes });
  const development = createPlayground({ issuer, resource, title: "Pizza" });
  const { server } = await createTestServer({
    resource,
    development,
    guard: { hosts: [new URL(resource).host], origins: [origin], loopback: true },
  });
  return { server, issuer };
}

const PATHS = ["", "/app.js", "/app.css", "/callback", "/sandbox"];

Deno.test("the playground is there in development and nowhere else", async () => {
  const { server: production } = await createTestServer();
  const { server } = await withPlayground();
  for (const path of PATHS) {
    const base = path === "/sandbox" ? SANDBOX : PAGE;
    assert.equal((await server.request(`${base}/playground${path}`)).status, 200, path);
    assert.equal((await production.request(`${base}/playground${path}`)).status, 404, path);
  }
  const trouble = { method: "POST", headers: { origin: PAGE, "x-playground": "1" }, body: '{"down":true}' };
  assert.equal((await production.request(`${PAGE}/playground/trouble/outage`, trouble)).status, 404);
});

Deno.test("the page runs no script but its own file, and nobody may frame or cache it", async () => {
  const { server } = await withPlayground();
  const { headers } = await server.request(`${PAGE}/playground`);
  const policy = headers.get("content-security-policy") ?? "";
  const directives = new Map(
    policy.split("; ").map((directive) => {
      const [name = "", ...sources] = directive.split(" ");
      return [name, sources.join(" ")];
    }),
  );
  assert.equal(directives.get("default-src"), "'none'");
  assert.equal(directives.get("script-src"), "'self'");
  assert.equal(directives.get("connect-src"), "'self'");
  assert.equal(directives.get("frame-src"), SANDBOX);
  assert.equal(directives.get("frame-ancestors"), "'none'");
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
});

Deno.test("the callback page runs exactly one script, named by its hash", async () => {
  const { server } = await withPlayground();
  const response = await server.request(`${PAGE}/playground/callback?code=c&state=s`);
  const text = await response.text();
  const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? "";
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(script));
  const hash = new Uint8Array(digest).toBase64();
  assert.match(
    response.headers.get("content-security-policy") ?? "",
    new RegExp(`script-src 'sha256-${RegExp.escape(hash)}'`),
  );
  assert.doesNotMatch(text, /code=c/);
});

Deno.test("the sandbox is another origin than the page, and neither answers as the other", async () => {
  const { server } = await withPlayground();
  assert.equal((await server.request(`${PAGE}/playground/sandbox`)).status, 404);
  const moved = await server.request(`${SANDBOX}/playground`);
  assert.deepEqual([moved.status, moved.headers.get("location")], [302, `${PAGE}/playground`]);
});

Deno.test("a name without a twin gives the sandbox an opaque origin", async () => {
  const { server } = await withPlayground("http://[::1]:8000/mcp");
  const page = "http://[::1]:8000";
  const shell = await (await server.request(`${page}/playground`)).text();
  assert.match(
    shell,
    /"sandbox":"http:\/\/\[::1\]:8000\/playground\/sandbox","separateSandbox":false/,
  );
  const { headers } = await server.request(`${page}/playground/sandbox`);
  const policy = headers.get("content-security-policy") ?? "";
  assert.match(policy, /; sandbox allow-scripts$/);
  assert.match(policy, /frame-ancestors 'self';/);
});

Deno.test("a widget runs under the restrictive default, opened for the origins it declares (UI-09)", async () => {
  const { server } = await withPlayground();
  const policyFor = async (csp?: unknown) => {
    const query = csp === undefined ? "" : `?csp=${encodeURIComponent(JSON.stringify(csp))}`;
    const response = await server.request(`${SANDBOX}/playground/sandbox${query}`);
    return { status: response.status, policy: response.headers.get("content-security-policy") ?? "" };
  };
  const { policy: closed } = await policyFor();
  for (
    const directive of ["default-src 'none'", "connect-src 'none'", "frame-src 'none'", "base-uri 'none'"]
  ) {
    assert.ok(closed.split("; ").includes(directive), directive);
  }
  assert.doesNotMatch(closed, /'self'|unsafe-eval|https?:(?!\/\/localhost)/);
  const cdn = "https://*.example.com";
  const { policy: open } = await policyFor({
    connectDomains: ["wss://api.example.com"],
    resourceDomains: [cdn],
  });
  assert.match(open, /connect-src wss:\/\/api\.example\.com;/);
  assert.match(open, /script-src 'unsafe-inline' https:\/\/\*\.example\.com;/);
  for (
    const evil of [
      ["*"],
      ["https://a.test; script-src *"],
      ["https://a.test 'unsafe-eval'"],
      "https://a.test",
      [7],
    ]
  ) {
    assert.equal((await policyFor({ connectDomains: evil })).status, 400, JSON.stringify(evil));
  }
});

Deno.test("trouble needs the page's origin and header, so no other page can make any", async () => {
  const { server, issuer } = await withPlayground();
  const post = (headers: Record<string, string>) =>
    server.request(`${PAGE}/playground/trouble/outage`, { method: "POST", headers, body: '{"down":true}' });
  const good = { origin: PAGE, "x-playground": "1" };
  for (
    const headers of [
      {},
      { origin: PAGE },
      { "x-playground": "1" },
      { ...good, origin: "https://evil.example" },
      { ...good, origin: SANDBOX },
      { ...good, origin: "null" },
    ]
  ) {
    assert.equal((await post(headers)).status, 403, JSON.stringify(headers));
    assert.equal(issuer.faults.discoveryDown, false);
  }
  assert.equal((await post(good)).status, 204);
  assert.equal(issuer.faults.discoveryDown, true);
});

Deno.test("trouble answers nonsense with 400 and a reason", async () => {
  const { server } = await withPlayground();
  for (const path of ["outage", "expired-token"]) {
    for (const body of ["", "{", "[]", '{"down":"yes","person":7}']) {
      const headers = { origin: PAGE, "x-playground": "1" };
      const response = await server.request(`${PAGE}/playground/trouble/${path}`, {
        method: "POST",
        headers,
        body,
      });
      assert.equal(response.status, 400, `${path} ${body}`);
      assert.ok((await response.json()).error);
    }
  }
});

Deno.test("an outage silences every route of the authorization server until it ends", async () => {
  const { server } = await withPlayground();
  const set = (down: boolean) =>
    server.request(`${PAGE}/playground/trouble/outage`, {
      method: "POST",
      headers: { origin: PAGE, "x-playground": "1" },
      body: JSON.stringify({ down }),
    });
  const paths = ["/auth/authorize", "/auth/jwks.json", "/.well-known/oauth-authorization-server/auth"];
  await set(true);
  for (const path of paths) assert.equal((await server.request(PAGE + path)).status, 503, path);
  await set(false);
  for (const path of paths) assert.notEqual((await server.request(PAGE + path)).status, 503, path);
});

Deno.test("the expired token is one that the server refuses as expired", async () => {
  const { server } = await withPlayground();
  const response = await server.request(`${PAGE}/playground/trouble/expired-token`, {
    method: "POST",
    headers: { origin: PAGE, "x-playground": "1" },
    body: JSON.stringify({ person: "Ada", clientId: "c", scopes: ["orders:read"] }),
  });
  const { access_token } = await response.json();
  const { exp, sub } = JSON.parse(atob(access_token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/")));
  assert.equal(sub, "ada");
  assert.ok(exp < Date.now() / 1000);
});
