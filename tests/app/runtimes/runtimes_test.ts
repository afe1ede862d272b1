import assert from "node:assert/strict";
import type { TestPostgres } from "../postgres_server.ts";
import { freePort } from "../../free_port.ts";
import { signIn } from "../../real/browser.ts";
import { CLIENTS, type McpClient } from "../../real/clients.ts";
import { OAuthClient } from "../../real/oauth_client.ts";
import { startOidcProvider } from "../../real/oidc_provider.ts";
import type { ServerProcess } from "../../real/process.ts";
import { granted } from "../../real/served.ts";
import { staticImports } from "../../real/static_imports.ts";
import { shared } from "../../shared.ts";
import { TestIssuer, toolCall } from "../../support.ts";
import { bundle, findWorkerd, runs, RUNTIMES } from "./runtimes.ts";

const permitted = await granted("net", "run", "read", "write", "env", "sys");
/** The official clients of both generations, which are of different eras. */
const TWO_CLIENTS = ["the v1 client", "the v2 client pinned to 2026-07-28"];

const postgres = shared<TestPostgres>(async () =>
  await (await import("../postgres_server.ts")).startPostgres()
);
const provider = shared(startOidcProvider);

interface Running extends AsyncDisposable {
  readonly server: ServerProcess;
  readonly resource: string;
}

for (const [name, runtime] of Object.entries(RUNTIMES)) {
  const ignore = !permitted || !await isHere(name);
  const running = shared(async () => await start((await provider()).issuer));

  const start = async (issuer: string, env: Readonly<Record<string, string>> = {}): Promise<Running> => {
    const port = freePort();
    const resource = `http://127.0.0.1:${port}/mcp`;
    const server = await runtime.start({
      PORT: String(port),
      AUTHORIZATION_SERVER_URL: issuer,
      RESOURCE_SERVER_URL: resource,
      DATABASE_URL: await (await postgres()).createDatabase(),
      DEMO_ORDERS: "true",
      ...env,
    });
    return { server, resource, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  };

  for (const client of TWO_CLIENTS) {
    Deno.test({
      name: `${name}: ${client} signs a person in, whose new order is in Postgres for the next sign-in`,
      ignore,
      async fn() {
        const { resource } = await running();
        const person = `ada-${crypto.randomUUID()}`;
        const ordersOf = async (client: McpClient) =>
          ((await client.callTool({ name: "see_past_orders" }))["structuredContent"] as {
            orders: { orderId: string }[];
          }).orders.map(({ orderId }) => orderId);
        {
          await using session = await signedIn(client, resource, person, "reorder_pizza");
          const { isError } = await session.client.callTool({ name: "reorder_pizza", arguments: {} });
          assert.equal(isError, true, "an order needs its id");
        }
        await using session = await signedIn(client, resource, person, "see_past_orders");
        const before = await ordersOf(session.client);
        assert.equal(before.length, 4);
        await using buyer = await signedIn(client, resource, person, "reorder_pizza");
        const placed = await buyer.client.callTool({
          name: "reorder_pizza",
          arguments: { orderId: before[0]!, idempotencyKey: "once" },
        });
        const { order } = placed["structuredContent"] as { order: { orderId: string } };
        assert.deepEqual(await ordersOf(session.client), [order.orderId, ...before]);
      },
    });

    Deno.test({
      name: `${name}: ${client} lists the tools, searches and reads the widget without signing in`,
      ignore,
      async fn() {
        const { connect, revision } = CLIENTS[client]!;
        await using connection = await connect((await running()).resource);
        assert.equal(connection.revision, revision);
        const { tools } = await connection.client.listTools();
        assert.deepEqual(tools.map(({ name }) => name).sort(), [
          "reorder_pizza",
          "search_pizza_sf",
          "see_past_orders",
        ]);
        const found = await connection.client.callTool({ name: "search_pizza_sf", arguments: {} });
        assert.equal((found["structuredContent"] as { signedIn: boolean }).signedIn, false);
        const search = tools.find(({ name }) => name === "search_pizza_sf");
        const { resourceUri } = search?._meta?.["ui"] as { resourceUri: string };
        const [widget] = (await connection.client.readResource({ uri: resourceUri })).contents;
        assert.match(String(widget?.["text"]), /^<!doctype html>/i);
      },
    });
  }

  Deno.test({
    name:
      `${name}: without its authorization server, tokens get 503 and everything else goes on until it is back`,
    ignore,
    async fn() {
      const { issuer, serve, tokenFor } = await localIssuer();
      await using running = await start(issuer);
      const { resource } = running;
      const call = async (tool: string, token?: string) =>
        await fetch(new Request(resource, toolCall("legacy", tool, {}, { token })));
      assert.equal(await statusOf(call("search_pizza_sf")), 200);
      const token = await tokenFor(resource);
      const refused = await call("see_past_orders", token);
      assert.equal(refused.status, 503);
      assert.match(await refused.text(), /authorization server/);
      const ready = await fetch(new URL("/ready", resource));
      assert.deepEqual(await ready.json(), { keys: "not ok", app: "ok" });
      assert.equal(await statusOf(fetch(new URL("/health", resource))), 200);

      await using _issuer = serve();
      // The process has the real clock, so the test does what it was told to.
      await new Promise((resolve) => setTimeout(resolve, Number(refused.headers.get("retry-after")) * 1_000));
      assert.equal(await statusOf(call("see_past_orders", token)), 200);
    },
  });

  if (runtime.signals) {
    Deno.test({
      name: `${name}: it says at the start that the authorization server cannot be asked`,
      ignore,
      async fn() {
        const { issuer } = await localIssuer();
        await using running = await start(issuer);
        await running.server.wrote("Good tokens cannot be verified");
        assert.match(
          running.server.written,
          new RegExp(`${RegExp.escape(issuer)}.*AUTHORIZATION_SERVER_URL`),
        );
      },
    });

    Deno.test({
      name: `${name}: on SIGTERM it finishes the call in flight, and exits with 0`,
      ignore,
      async fn() {
        const { issuer, serve, tokenFor, rotate } = await localIssuer();
        const arrived = Promise.withResolvers<void>();
        const released = Promise.withResolvers<void>();
        let held = false;
        await using _issuer = serve(async () => {
          if (!held) return;
          arrived.resolve();
          await released.promise;
        });
        await using running = await start(issuer);
        const { server, resource } = running;
        const orders = async () =>
          await fetch(
            new Request(
              resource,
              toolCall("legacy", "see_past_orders", {}, { token: await tokenFor(resource) }),
            ),
          );
        assert.equal(await statusOf(orders()), 200);
        // Its key is unknown, so the call is in flight for as long as the server waits for keys.
        await rotate("second");
        held = true;
        const inFlight = orders();
        await Promise.race([arrived.promise, inFlight]);
        server.terminate();
        await server.wrote("Stopping").finally(released.resolve);
        const response = await inFlight;
        assert.equal(response.status, 200);
        assert.match(await response.text(), /"orders":/);
        assert.equal(await server.exitCode, 0, server.written);
      },
    });
  }

  if (name !== "main.ts on Deno") {
    Deno.test({
      name: `${name}: it does not start without an authorization server, and says what to set`,
      ignore,
      async fn() {
        const said = /AUTHORIZATION_SERVER_URL is not set: .*does not run in a bundle\. Set it to/;
        await assert.rejects(start(""), said);
      },
    });
  }

  const { withoutSqlite } = runtime;
  if (withoutSqlite) {
    Deno.test({
      name: `${name}: it says at the start that it has no SQLite`,
      ignore: ignore || name === "the bundle on Node" && await nodeHasSqlite(),
      async fn() {
        await assert.rejects(
          start("http://127.0.0.1:9", { DATABASE_URL: "", SQLITE_PATH: "data/no.db" }),
          withoutSqlite,
        );
      },
    });
  }
}

Deno.test({
  name:
    "the bundle on Deno: a start reads no SDK, no signatures, no driver of Postgres and no module of Node's",
  ignore: !permitted,
  async fn() {
    await bundle();
    const start = await staticImports("dist/deno/main.js");
    assert.deepEqual(start.filter((specifier) => !specifier.startsWith("file:")), []);
    const first = await Promise.all(start.map((url) => Deno.readTextFile(new URL(url))));
    const folder = new URL("../../../dist/deno/", import.meta.url);
    const all: string[] = [];
    for await (const { name } of Deno.readDir(folder)) {
      all.push(await Deno.readTextFile(new URL(name, folder)));
    }
    for (const later of ["ajv/dist", "ERR_JWS_INVALID", "SASLInitialResponse"]) {
      assert.ok(all.some((text) => text.includes(later)), `${later} is in the bundle`);
      assert.ok(!first.some((text) => text.includes(later)), later);
    }
    const languages = first.filter((text) => text.includes("Ungültige Eingabe"));
    assert.deepEqual(languages, [], "nothing shows the messages of Zod in other languages than English");
  },
});

async function isHere(name: string): Promise<boolean> {
  if (name.endsWith("Node")) return await runs("node");
  return !name.endsWith("workerd") || await findWorkerd().then(() => true, () => false);
}

async function nodeHasSqlite(): Promise<boolean> {
  const args = ["-e", 'require("node:sqlite")'];
  return (await new Deno.Command("node", { args, stderr: "null" }).output()).success;
}

async function statusOf(answer: Promise<Response>): Promise<number> {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
}

/** Connects a client, and signs a person in with the permission that the tool needs. */
async function signedIn(name: string, resource: string, person: string, tool: string) {
  const oauth = new OAuthClient();
  const { connect } = CLIENTS[name]!;
  const connection = await connect(resource, { oauth });
  await assert.rejects(connection.client.callTool({ name: tool }), /Unauthorized/);
  assert.ok(oauth.authorizationUrl);
  await connection.finishAuth(await signIn(oauth.authorizationUrl, person));
  return connection;
}

/** An issuer on loopback that does not listen yet. */
async function localIssuer() {
  const port = freePort();
  const issuer = await TestIssuer.create(`http://127.0.0.1:${port}`);
  const iat = Math.floor(Date.now() / 1000);
  return {
    issuer: issuer.issuer,
    rotate: (keyId: string) => issuer.rotate(keyId),
    tokenFor: (aud: string) => issuer.token({ aud, sub: "ada", scope: "orders:read", iat, exp: iat + 600 }),
    /** @param before What every request waits for. */
    serve(before: () => Promise<void> = () => Promise.resolve()) {
      return Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
        await before();
        return await issuer.fetch(request);
      });
    },
  };
}
