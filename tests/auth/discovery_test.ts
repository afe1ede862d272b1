import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import { tinyApp } from "../tiny_app.ts";
import { ask, createTestServer, TestIssuer } from "../support.ts";

const READY = "http://localhost:8000/ready";
const documents = {
  rfc8414: "https://issuer.test/.well-known/oauth-authorization-server",
  openid: "https://issuer.test/.well-known/openid-configuration",
};

/** What /ready tells the outside, and the log, of issuers that are reached by `fetch`. */
async function readiness(issuers: readonly string[], fetch: unknown) {
  const app = { ...tinyApp([]), open: () => ({ tools: [], ready: () => Promise.resolve() }) };
  const { server } = await createTestServer({ app, issuers, fetch: fetch as typeof globalThis.fetch });
  let answer: { readonly status: number; readonly body: unknown } | undefined;
  const records = await logged(async () => {
    answer = await ask<unknown>(server, new Request(READY));
  });
  const detail = records.find(({ properties }) => properties["name"] === "keys")?.properties["detail"];
  return { status: answer?.status, body: answer?.body, says: String(detail) };
}

/** What becomes of /ready when an issuer's addresses answer with these documents and nothing else. */
async function ready(issuer: string, answers: Readonly<Record<string, unknown>>) {
  const asked: string[] = [];
  const fetch = (url: string, init?: RequestInit): Promise<Response> => {
    asked.push(url);
    const answer = answers[url];
    if (answer === undefined) return Promise.resolve(new Response("not found", { status: 404 }));
    if (!(answer instanceof Response)) return Promise.resolve(Response.json(answer));
    const location = answer.headers.get("location");
    return location && init?.redirect !== "manual" ? fetch(location, init) : Promise.resolve(answer);
  };
  return { ...await readiness([issuer], fetch), asked };
}

const JWKS = { "https://issuer.test/jwks": { keys: [] } };
const metadata = (issuer: string) => ({ issuer, jwks_uri: "https://issuer.test/jwks" });

Deno.test("an issuer without a path is looked up by RFC 8414 first", async () => {
  const { status, asked } = await ready("https://issuer.test", {
    [documents.rfc8414]: metadata("https://issuer.test"),
    ...JWKS,
  });
  assert.equal(status, 200);
  assert.deepEqual(asked, [documents.rfc8414, "https://issuer.test/jwks"]);
});

Deno.test("an issuer with a path gets the well-known part inserted, then OpenID Connect's two places", async () => {
  const { status, asked } = await ready("https://issuer.test/tenant", {
    "https://issuer.test/tenant/.well-known/openid-configuration": metadata("https://issuer.test/tenant"),
    ...JWKS,
  });
  assert.equal(status, 200);
  assert.deepEqual(asked, [
    `${documents.rfc8414}/tenant`,
    `${documents.openid}/tenant`,
    "https://issuer.test/tenant/.well-known/openid-configuration",
    "https://issuer.test/jwks",
  ]);
});

Deno.test("an issuer whose name ends with a slash, as Auth0's does, is found and compared with it", async () => {
  const { status } = await ready("https://issuer.test/", {
    [documents.openid]: metadata("https://issuer.test/"),
    ...JWKS,
  });
  assert.equal(status, 200);
});

for (
  const [configured, stated] of [
    ["https://issuer.test", "https://issuer.test/"],
    ["https://issuer.test/", "https://issuer.test"],
  ] as const
) {
  Deno.test(`the log names the exact fix when the issuer is ${stated} and not ${configured}`, async () => {
    const { status, says } = await ready(configured, { [documents.rfc8414]: metadata(stated), ...JWKS });
    assert.equal(status, 503);
    assert.match(says, /only by a trailing slash/);
    assert.ok(says.endsWith(`Set AUTHORIZATION_SERVER_URL=${stated}`), says);
  });
}

/** Answers from which no keys can be had, and what /ready says about them. */
const USELESS: Record<string, [answers: Readonly<Record<string, unknown>>, says: RegExp]> = {
  "the issuer has no metadata": [
    {},
    /tried .*oauth-authorization-server.*HTTP 404.*Check AUTHORIZATION_SERVER_URL/,
  ],
  "the metadata names another issuer": [
    { [documents.rfc8414]: metadata("https://evil.test"), ...JWKS },
    /states the issuer "https:\/\/evil.test" instead of/,
  ],
  "the metadata names no issuer": [
    { [documents.rfc8414]: { jwks_uri: "https://issuer.test/jwks" }, ...JWKS },
    /exactly as the server states it/,
  ],
  "the metadata has no jwks_uri": [
    { [documents.rfc8414]: { issuer: "https://issuer.test" } },
    /no usable jwks_uri/,
  ],
  "the jwks_uri is plain http": [
    { [documents.rfc8414]: { issuer: "https://issuer.test", jwks_uri: "http://issuer.test/jwks" } },
    /must be an https URL/,
  ],
  "the metadata is an HTML page": [{ [documents.rfc8414]: new Response("<html>") }, /not JSON/],
  "the metadata is a list": [{ [documents.rfc8414]: ["https://issuer.test"] }, /not a JSON object/],
  "the metadata is elsewhere": [
    {
      [documents.rfc8414]: new Response(null, { status: 302, headers: { location: "https://moved.test/" } }),
      "https://moved.test/": metadata("https://issuer.test"),
      ...JWKS,
    },
    /HTTP 302/,
  ],
  "the key set is missing": [
    { [documents.rfc8414]: metadata("https://issuer.test") },
    /jwks answered HTTP 404/,
  ],
  "the key set is not one": [
    { [documents.rfc8414]: metadata("https://issuer.test"), "https://issuer.test/jwks": { keys: "none" } },
    /No keys from https:\/\/issuer.test/,
  ],
};

for (const [what, [answers, expected]] of Object.entries(USELESS)) {
  Deno.test(`/ready is 503 when ${what}, and the log says why, the outside does not (A15)`, async () => {
    const { status, body, says } = await ready("https://issuer.test", answers);
    assert.equal(status, 503);
    assert.deepEqual(body, { keys: "not ok", app: "ok" });
    assert.match(says, expected);
  });
}

Deno.test("/ready tells what works from what does not, and /health does not care", async () => {
  const issuer = await TestIssuer.create();
  issuer.down = true;
  const { status, body, says } = await readiness([issuer.issuer], issuer.fetch);
  assert.equal(status, 503);
  assert.deepEqual(body, { keys: "not ok", app: "ok" });
  assert.match(says, /connection refused/);
  const { server } = await createTestServer();
  assert.equal((await server.request("http://localhost:8000/health")).status, 200);
});

Deno.test("/ready is 200 while the keys of any issuer are usable, and the log names the other (A15)", async () => {
  const one = await TestIssuer.create("https://one.test");
  const two = await TestIssuer.create("https://two.test");
  one.down = true;
  const fetch = (url: string) => (url.startsWith(one.issuer) ? one : two).fetch(url);
  const { status, body, says } = await readiness([one.issuer, two.issuer], fetch);
  assert.equal(status, 200);
  assert.deepEqual(body, { keys: "ok", app: "ok" });
  assert.match(
    says,
    /^No metadata for https:\/\/one.test: .*connection refused.* Check AUTHORIZATION_SERVER_URL/,
  );
});

Deno.test("/ready logs a detail when it changes and not with every question, and keeps notes to the log (A15)", async () => {
  let check = (): Promise<string | void> => Promise.resolve("demo data only");
  const app = { ...tinyApp([]), open: () => ({ tools: [], ready: () => check() }) };
  const { server } = await createTestServer({ app });
  const answers: unknown[] = [];
  const records = await logged(async () => {
    const askTwice = async () => {
      for (const _ of [1, 2]) answers.push((await ask<unknown>(server, new Request(READY))).body);
    };
    await askTwice();
    check = () => Promise.reject(new Error("password of the database refused"));
    await askTwice();
    check = () => Promise.resolve();
    await askTwice();
  });
  assert.deepEqual(answers, ["ok", "ok", "not ok", "not ok", "ok", "ok"].map((app) => ({ keys: "ok", app })));
  assert.deepEqual(
    records.flatMap(({ level, properties }) => properties["detail"] ? [[level, properties["detail"]]] : []),
    [["info", "demo data only"], ["warning", "password of the database refused"], ["info", "ok"]],
  );
});

/** A document that goes on for ever; `sent` counts its bytes. */
function endless() {
  const state = { sent: 0, cancelled: false };
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      state.sent += 65_536;
      controller.enqueue(new Uint8Array(65_536).fill(0x20));
    },
    cancel() {
      state.cancelled = true;
    },
  });
  return { state, response: new Response(body) };
}

const WHERE = { "the metadata": documents.rfc8414, "the key set": "https://issuer.test/jwks" };

for (const [what, url] of Object.entries(WHERE)) {
  Deno.test(`no more than 1 MiB is read of ${what} (A12)`, async () => {
    const { state, response } = endless();
    const { status, says } = await ready("https://issuer.test", {
      [documents.rfc8414]: metadata("https://issuer.test"),
      [url]: response,
    });
    assert.equal(status, 503);
    assert.match(says, /more than 1048576 bytes/);
    assert.ok(state.cancelled && state.sent < 2 ** 21, `${state.sent} bytes`);
  });
}

Deno.test("a stated issuer of any length reaches the log in short (A12)", async () => {
  const { says } = await ready("https://issuer.test", {
    [documents.rfc8414]: { issuer: "x".repeat(500_000) },
  });
  assert.match(says, /states the issuer "x+/);
  assert.ok(says.length < 600, String(says.length));
});
