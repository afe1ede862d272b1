import assert from "node:assert/strict";
import { createTestServer } from "../support.ts";
import { RESOURCE } from "../test_issuer.ts";
import { createDevelopmentServer, PAGE, SANDBOX } from "./in_process.ts";

const PATHS = ["", "/app.js", "/app.css", "/callback", "/sandbox", "/build"];

Deno.test("the playground is there in development and nowhere else", async () => {
  const { server: production } = await createTestServer();
  const { server } = await createDevelopmentServer();
  for (const path of PATHS) {
    const base = path === "/sandbox" ? SANDBOX : PAGE;
    assert.equal((await server.request(`${base}/playground${path}`)).status, 200, path);
    assert.equal((await production.request(`${base}/playground${path}`)).status, 404, path);
  }
  const fault = { method: "POST", headers: { origin: PAGE, "x-playground": "1" }, body: '{"down":true}' };
  assert.equal((await production.request(`${PAGE}/playground/faults/outage`, fault)).status, 404);
});

Deno.test("the page runs no script but its own file, and nobody may frame or cache it", async () => {
  const { server } = await createDevelopmentServer();
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
  const { server } = await createDevelopmentServer();
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
  const { server } = await createDevelopmentServer();
  assert.equal((await server.request(`${PAGE}/playground/sandbox`)).status, 404);
  const moved = await server.request(`${SANDBOX}/playground`);
  assert.deepEqual([moved.status, moved.headers.get("location")], [302, `${PAGE}/playground`]);
});

Deno.test("a name without a twin gives the sandbox an opaque origin", async () => {
  const { server } = await createDevelopmentServer("http://[::1]:8000/mcp");
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
  const { server } = await createDevelopmentServer();
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

Deno.test("a playground that was never built says which command builds it", async () => {
  const { server } = await createDevelopmentServer(RESOURCE, { client: undefined });
  const response = await server.request(`${PAGE}/playground`);
  assert.equal(response.status, 503);
  assert.match(await response.text(), /Run <code>deno task build<\/code>/);
  assert.equal((await server.request(`${PAGE}/auth/jwks.json`)).status, 200);
});

Deno.test("prompts and icon are the app's, and the page has a mark of its own where the app has none", async () => {
  const configOf = async (options: Parameters<typeof createDevelopmentServer>[1]) => {
    const { server } = await createDevelopmentServer(RESOURCE, options);
    const page = await (await server.request(`${PAGE}/playground`)).text();
    return JSON.parse(/id="config">([^<]*)</.exec(page)?.[1] ?? "");
  };
  const own = await configOf({ prompts: ["Lend me a book"], icon: "<svg>book</svg>" });
  assert.deepEqual([own.prompts, own.icon], [
    ["Lend me a book"],
    `data:image/svg+xml,${encodeURIComponent("<svg>book</svg>")}`,
  ]);
  assert.match((await configOf({})).icon, /^data:image\/svg\+xml,%3Csvg/);
});
