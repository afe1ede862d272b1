import assert from "node:assert/strict";
import { ERAS, TestIssuer, toolCall } from "../support.ts";
import { freePort, type ServerProcess, startProcess } from "./process.ts";
import { granted } from "./served.ts";

const SCOPE = "notes:read notes:write";
const ignore = !await granted("net", "run", "read", "write", "env");

const CALLS = 60;

async function takesConnections(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  try {
    (await Deno.connect({ hostname, port: Number(port) })).close();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionRefused) return false;
    throw error;
  }
}

/** A server and an issuer that it trusts, both on loopback; neither runs yet. */
async function plan(env: Readonly<Record<string, string>> = {}) {
  const [port, issuerPort] = [freePort(), freePort()];
  const resource = `http://127.0.0.1:${port}/mcp`;
  const issuer = await TestIssuer.create(`http://127.0.0.1:${issuerPort}`);
  issuer.scope = "orders:read";
  const iat = Math.floor(Date.now() / 1000);
  const sign = () => issuer.token({ aud: resource, sub: "canary-person", scope: SCOPE, iat, exp: iat + 600 });
  return {
    /** A token of the issuer's newest key. */
    sign,
    token: await sign(),
    async start(more: Readonly<Record<string, string>> = {}): Promise<ServerProcess> {
      const server = startProcess({
        PORT: String(port),
        AUTHORIZATION_SERVER_URL: issuer.issuer,
        RESOURCE_SERVER_URL: resource,
        SQLITE_PATH: ":memory:",
        ...env,
        ...more,
      });
      await server.wrote("Listening on");
      return server;
    },
    /** @param answer Stands in front of the issuer. */
    serveIssuer(answer: (request: Request) => Response | Promise<Response> = issuer.fetch) {
      return Deno.serve({ port: issuerPort, hostname: "127.0.0.1", onListen: () => {} }, answer);
    },
    issuer,
    resource,
    call(tool: string, token?: string, args: Record<string, unknown> = {}): Promise<Response> {
      return fetch(new Request(resource, toolCall("legacy", tool, args, { token })));
    },
  };
}

Deno.test({
  name: "the server serves while its authorization server is away, heals when it comes, and logs no token",
  ignore,
  async fn() {
    const { start, serveIssuer, call, token } = await plan({ LOG_LEVEL: "debug" });
    await using server = await start();
    const anonymous = await call("search_notes");
    assert.equal(anonymous.status, 200);
    assert.match(await anonymous.text(), /"signedIn":false/);

    const unverified = await call("list_notes", token);
    assert.equal(unverified.status, 503);
    const retryAfter = Number(unverified.headers.get("retry-after"));
    assert.ok(retryAfter >= 1 && retryAfter <= 5, String(retryAfter));
    assert.match(await unverified.text(), /authorization server/);

    await using _issuer = serveIssuer();
    // The process has the real clock, so the test does what it was told to.
    await new Promise((resolve) => setTimeout(resolve, retryAfter * 1000));
    const verified = await call("list_notes", token);
    assert.equal(verified.status, 200);
    assert.match(await verified.text(), /"notes":/);

    const refused = await call("list_notes", `${token}canary`);
    assert.equal(refused.status, 401);
    const refusal = await refused.text();
    server.terminate();
    assert.equal(await server.exitCode, 0);
    for (const part of [...token.split("."), "canary"]) {
      assert.ok(!`${server.written}${refusal}`.includes(part), server.written);
    }
  },
});

Deno.test({
  name: "on SIGTERM the server finishes what is in flight, and exits with 0 within five seconds",
  ignore,
  async fn() {
    const { start, serveIssuer, issuer, call, sign } = await plan();
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    await using _issuer = serveIssuer(async (request) => {
      if (issuer.keyId !== "first") {
        arrived.resolve();
        await released.promise;
      }
      return await issuer.fetch(request);
    });
    issuer.keyId = "first";
    await using server = await start();
    assert.equal((await call("list_notes", await sign())).status, 200);
    // Its key is unknown, so the request is in flight for as long as the server waits for keys.
    await issuer.rotate("second");
    const inFlight = call("list_notes", await sign());
    await Promise.race([arrived.promise, inFlight]);
    const stopped = performance.now();
    server.terminate();
    await server.wrote("Stopping").finally(released.resolve);
    const response = await inFlight;
    assert.equal(response.status, 200);
    assert.match(await response.text(), /"notes":/);
    assert.equal(await server.exitCode, 0);
    assert.ok(performance.now() - stopped < 5_000);
  },
});

Deno.test({
  name:
    "on SIGTERM 60 calls in flight are answered whole, each with its own, while nobody new is let in, and the exit code is 0 (A14)",
  ignore,
  async fn() {
    const { start, serveIssuer, issuer, resource } = await plan();
    const arrived = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    const asked = new Set<string>();
    // Each call has an opaque token of its own, and is in flight for as long as the issuer says nothing about it.
    await using _issuer = serveIssuer(async (request) => {
      if (!request.url.endsWith("/introspect")) return await issuer.fetch(request);
      const sub = new URLSearchParams(await request.text()).get("token")!;
      if (asked.add(sub).size === CALLS) arrived.resolve();
      await released.promise;
      const exp = Math.floor(Date.now() / 1000) + 600;
      return Response.json({ active: true, aud: resource, scope: SCOPE, sub, exp });
    });
    await using server = await start({
      INTROSPECTION_URL: `${issuer.issuer}/introspect`,
      INTROSPECTION_CLIENT_ID: "notes",
      INTROSPECTION_CLIENT_SECRET: "secret",
    });
    const calls = Promise.all(Array.from({ length: CALLS }, async (_, index) => {
      const era = ERAS[index % ERAS.length]!;
      const note = toolCall(era, "add_note", { title: `Note ${index}` }, { token: `person-${index}` });
      const response = await fetch(new Request(resource, note));
      return { status: response.status, text: await response.text() };
    }));
    await Promise.race([arrived.promise, calls]);
    server.terminate();
    await server.wrote("Stopping");
    while (await takesConnections(resource));
    released.resolve();
    for (const [index, { status, text }] of (await calls).entries()) {
      assert.equal(status, 200, text);
      assert.equal(JSON.parse(text).result.structuredContent.note.title, `Note ${index}`);
    }
    assert.equal(await server.exitCode, 0);
    assert.doesNotMatch(server.written, /"level":"(ERROR|WARN)"/);
  },
});

Deno.test({
  name:
    "an issuer whose answers trickle for ever is given up and hung up on, holds up nobody else, and all heals (A6, AUTH-27)",
  ignore,
  async fn() {
    const { start, serveIssuer, issuer, call, token, resource } = await plan();
    let trickles = true;
    const hungUp = new Map(["/jwks", "/introspect"].map((path) => [path, Promise.withResolvers<void>()]));
    await using _issuer = serveIssuer(async (request) => {
      const { pathname } = new URL(request.url);
      const gone = hungUp.get(pathname);
      if (trickles && gone) {
        // One byte each while, of a document that never ends.
        const trickle = async (controller: ReadableStreamDefaultController<Uint8Array>) => {
          await new Promise((resolve) => setTimeout(resolve, 50));
          controller.enqueue(new TextEncoder().encode(" "));
        };
        return new Response(new ReadableStream({ pull: trickle, cancel: () => gone.resolve() }));
      }
      if (pathname !== "/introspect") return await issuer.fetch(request);
      const exp = Math.floor(Date.now() / 1000) + 600;
      return Response.json({ active: true, aud: resource, scope: SCOPE, sub: "grace", exp });
    });
    await using server = await start({
      INTROSPECTION_URL: `${issuer.issuer}/introspect`,
      INTROSPECTION_CLIENT_ID: "notes",
      INTROSPECTION_CLIENT_SECRET: "secret",
    });
    const waiting = Promise.all([token, "opaque"].map(async (each) => {
      const response = await call("list_notes", each);
      return { status: response.status, text: await response.text() };
    }));
    assert.equal((await call("search_notes")).status, 200);
    for (const { status, text } of await waiting) {
      assert.equal(status, 503);
      assert.match(text, /authorization server does not answer/);
    }
    for (const { promise } of hungUp.values()) await promise;
    trickles = false;
    // The issuer is left alone for a second after a failure, and the process has the real clock.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    for (const each of [token, "opaque"]) assert.equal((await call("list_notes", each)).status, 200);
    server.terminate();
    assert.equal(await server.exitCode, 0);
  },
});

Deno.test({
  name: "data is still there after a restart",
  ignore,
  async fn() {
    const path = `data/test-${crypto.randomUUID()}.db`;
    const { start, serveIssuer, call, token } = await plan({ SQLITE_PATH: path });
    await using _issuer = serveIssuer();
    await using cleanup = new AsyncDisposableStack();
    cleanup.defer(() => Deno.remove(new URL(`../../${path}`, import.meta.url)));
    {
      await using _server = await start();
      assert.equal((await call("add_note", token, { title: "Buy stamps" })).status, 200);
    }
    await using _server = await start();
    assert.match(await (await call("list_notes", token)).text(), /"title":"Buy stamps"/);
  },
});

Deno.test({
  name: "a bad configuration is refused with exit code 1, every problem at once, and no stack trace",
  ignore,
  async fn() {
    const env = { PORT: "many", RESOURCE_SERVER_URL: "ftp://notes.test/mcp", AUTH_CHALLENGE: "maybe" };
    await using server = startProcess(env);
    assert.equal(await server.exitCode, 1);
    for (const [name, value] of Object.entries(env)) {
      assert.ok(server.written.includes(`${name}=${value}`), server.written);
    }
    assert.doesNotMatch(server.written, /^\s+at /m);
  },
});
