import assert from "node:assert/strict";
import { freePort } from "../../free_port.ts";
import { MAIN, startProcess } from "../../real/process.ts";
import { granted } from "../../real/served.ts";
import { shared } from "../../shared.ts";
import { toolCall } from "../../support.ts";
import { runs } from "./runtimes.ts";

const ignore = !await granted("net", "run", "read", "write", "env") || !await runs("nginx");
const HOST = "mcp.example.com";
const LARGEST = 1_024 * 1_024;

/** The recipe of docs/deploy.md, on loopback and without TLS, and less patient with a header that never ends. */
async function recipe(port: number, upstream: number): Promise<string> {
  const guide = await Deno.readTextFile(new URL("../../../docs/deploy.md", import.meta.url));
  const [, written = ""] = /```nginx\n(.*?)```/s.exec(guide) ?? [];
  return written.replace("listen 443 ssl;", `listen 127.0.0.1:${port};`)
    .replace(/ *ssl_certificate.*;\n/g, "")
    .replace("client_header_timeout 10s;", "client_header_timeout 1s;")
    .replaceAll("127.0.0.1:8000", `127.0.0.1:${upstream}`);
}

const proxy = shared(async () => {
  const [port, upstream] = [freePort(), freePort()];
  await using opened = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  opened.defer(() => Deno.remove(folder, { recursive: true }));
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((name) => `${name}_temp_path ${folder}/${name};`);
  const server = opened.use(startProcess({
    PORT: String(upstream),
    AUTHORIZATION_SERVER_URL: "http://127.0.0.1:9",
    RESOURCE_SERVER_URL: `https://${HOST}/shop/mcp`,
    SQLITE_PATH: ":memory:",
    TRUSTED_PROXIES: "1",
    RATE_LIMIT_PER_MINUTE: "2",
    OPENAI_APPS_CHALLENGE: "shown-by-openai",
  }, { args: MAIN }));
  await server.wrote("Listening on");
  await Deno.writeTextFile(
    `${folder}/nginx.conf`,
    `daemon off; pid ${folder}/pid; error_log stderr notice; events {}
     http { access_log off; ${temporary.join(" ")} ${await recipe(port, upstream)} }`,
  );
  const args = ["-p", folder, "-c", "nginx.conf", "-e", "stderr"];
  const nginx = opened.use(startProcess({}, { command: "nginx", args }));
  await nginx.wrote("start worker process");
  const running = opened.move();
  return {
    port,
    /** Asks the proxy as the internet does, by the public name. */
    fetch(path: string, init: RequestInit = {}): Promise<Response> {
      const headers = new Headers(init.headers);
      headers.set("host", HOST);
      return fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers });
    },
    [Symbol.asyncDispose]: () => running[Symbol.asyncDispose](),
  };
});

/** @param forwarded What the caller claims to have been forwarded for. */
async function call(tool: string, forwarded?: string): Promise<Response> {
  const request = toolCall("legacy", tool);
  const headers = new Headers(request.headers);
  if (forwarded !== undefined) headers.set("x-forwarded-for", forwarded);
  return await (await proxy()).fetch("/shop/mcp", { method: "POST", headers, body: await request.text() });
}

Deno.test({
  name: "behind nginx, a challenge leads to the metadata at the root of the host, which names the endpoint",
  ignore,
  async fn() {
    const challenged = await call("see_past_orders");
    assert.equal(challenged.status, 401);
    await challenged.body?.cancel();
    const [, url = ""] = /resource_metadata="([^"]+)"/.exec(challenged.headers.get("www-authenticate")!) ??
      [];
    assert.equal(new URL(url).host, HOST);
    const metadata = await (await (await proxy()).fetch(new URL(url).pathname)).json();
    assert.equal(metadata.resource, `https://${HOST}/shop/mcp`);
    const token = await (await proxy()).fetch("/.well-known/openai-apps-challenge");
    assert.equal(await token.text(), "shown-by-openai");
  },
});

Deno.test({
  name: "behind nginx, callers are counted by their own address, whatever they say that it is",
  ignore,
  async fn() {
    const statuses: number[] = [];
    // An address has ten times the limit, and a new minute may begin once meanwhile.
    for (let caller = 1; caller <= 42; caller++) {
      const { status, body } = await call("search_pizza_sf", `192.0.2.${caller}`);
      await body?.cancel();
      statuses.push(status);
    }
    assert.ok(statuses.includes(429), statuses.join());
  },
});

Deno.test({
  name: "nginx hangs up on a header that never ends, and refuses a body that is too large",
  ignore,
  async fn() {
    const { port, fetch } = await proxy();
    using slow = await Deno.connect({ hostname: "127.0.0.1", port });
    await slow.write(new TextEncoder().encode(`POST /shop/mcp HTTP/1.1\r\nHost: ${HOST}\r\n`));
    while (await slow.read(new Uint8Array(512)) !== null);
    const large = await fetch("/shop/mcp", { method: "POST", body: "x".repeat(LARGEST + 1) });
    assert.equal(large.status, 413);
    assert.match(await large.text(), /nginx/);
  },
});
