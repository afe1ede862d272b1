import assert from "node:assert/strict";
import { z } from "zod";
import { ExchangeRefused, IssuerUnavailable } from "../../src/auth/errors.ts";
import { createTokenExchange } from "../../src/auth/token_exchange.ts";
import { createDevIssuer } from "../../src/dev/issuer/issuer.ts";
import { type Access, anyone, defineTool, signedIn, type ToolDefinition } from "../../src/mod.ts";
import { createTestServer as createAppServer } from "../../src/dev/testing/mod.ts";
import { parseChallenge } from "../challenge_parser.ts";
import { logged } from "../log_records.ts";
import {
  ask,
  createTestServer,
  type Era,
  ERAS,
  NOW,
  RESOURCE,
  rpc,
  type RpcAnswer,
  toolCall,
} from "../support.ts";
import { tinyApp } from "../tiny_app.ts";
import { CONTACTS, createUpstream, UPSTREAM } from "../upstream.ts";

const ISSUER = "http://localhost:8000/auth";
const TOKEN_ENDPOINT = `${ISSUER}/token`;

interface Seen {
  readonly url: string;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly redirect: RequestRedirect;
}

type Answer = (request: Request) => Response | undefined | Promise<Response | undefined>;

/**
 * A server whose issuer and upstream API are in this process, and every request that it sends to anyone.
 *
 * @param answer Answers instead of the issuer and the API, where it gives something.
 */
async function start({ answer, ...config }: {
  readonly answer?: Answer;
  readonly tokenExchange?: {
    readonly url?: string;
    readonly clientId: string;
    readonly clientSecret: string;
  };
  readonly issuers?: readonly string[];
} = {}) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const issuer = await createDevIssuer({ issuer: ISSUER, resource: RESOURCE, scopes: CONTACTS.scopes, now });
  const upstream = createUpstream({
    issuer: ISSUER,
    jwksUri: `${ISSUER}/jwks.json`,
    fetch: issuer.fetch,
    now,
  });
  const seen: Seen[] = [];
  const world = { answer };
  const fetch = async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const { url, headers, redirect } = request;
    seen.push({ url, headers: Object.fromEntries(headers), body: await request.clone().text(), redirect });
    const answered = await world.answer?.(request);
    if (answered) return answered;
    return await (url === UPSTREAM ? upstream.fetch(request) : issuer.fetch(request));
  };
  const { server } = await createTestServer({
    app: CONTACTS,
    issuers: [ISSUER],
    tokenExchange: issuer.resourceServer,
    ...{ ...config, fetch: fetch as typeof globalThis.fetch, now },
  });
  const call = (name: string, token?: string, era: Era = "legacy") =>
    ask(server, toolCall(era, name, {}, { token }));
  const exchanges = () => seen.filter(({ body }) => body.includes("token-exchange"));
  return { server, issuer, clock, seen, world, call, exchanges };
}

type Called = Awaited<ReturnType<Awaited<ReturnType<typeof start>>["call"]>>;

function ownerIn({ body, text }: Called): unknown {
  assert.ok(body.result?.structuredContent, text);
  return body.result.structuredContent["owner"];
}

/** The sentence of a tool error. */
function wordsIn({ status, body, text }: Called): string {
  assert.equal(status, 200, text);
  assert.equal(body.result?.isError, true, text);
  return body.result.content?.[0]?.text ?? "";
}

/** The parameters of the challenge in a result. */
function hintIn({ body }: Called): Record<string, string> | undefined {
  const hints = body.result?._meta?.["mcp/www_authenticate"] as string[] | undefined;
  return hints && parseChallenge(hints[0]!);
}

for (const era of ERAS) {
  Deno.test(`a tool calls an API as the person who asked, and the API takes no other token (10.1, AUTH-18, ${era})`, async () => {
    const { issuer, call, seen } = await start();
    const tokens = new Map<string, string>();
    for (const person of ["Ada", "Grace"]) {
      tokens.set(person.toLowerCase(), await issuer.accessToken({ person }));
    }
    for (const name of ["list", "by_audience"]) {
      for (const [person, token] of tokens) assert.equal(ownerIn(await call(name, token, era)), person);
    }
    const upstream = createUpstream({
      issuer: ISSUER,
      jwksUri: `${ISSUER}/jwks.json`,
      fetch: issuer.fetch,
      now: () => NOW,
    });
    const authorization = `Bearer ${tokens.get("ada")}`;
    assert.equal((await upstream.request(UPSTREAM, { headers: { authorization } })).status, 401);
    assert.equal(seen.filter(({ url }) => url === UPSTREAM).length, 4);
  });
}

Deno.test("calls of two people that run at once never mix, in batches neither (10.1)", async () => {
  const { server, issuer } = await start();
  const people = ["ada", "grace"];
  const tokens = await Promise.all(people.map((person) => issuer.accessToken({ person })));
  const names = ["list", "by_audience", "everything", "search"];
  const owners = await Promise.all(Array.from({ length: 400 }, async (_, index) => {
    const token = tokens[index % 2]!;
    const name = names[index % 3]!;
    if (index % 5 > 0) {
      return [people[index % 2], ownerIn(await ask(server, toolCall(ERAS[index % 2]!, name, {}, { token })))];
    }
    const one = await rpc("legacy", "tools/call", { name, arguments: {} }, { token }).json();
    const request = rpc("legacy", "tools/list", {}, { token });
    const batch = new Request(request, { body: JSON.stringify([one, { ...one, id: 2 }]) });
    const { body } = await ask<RpcAnswer[]>(server, batch);
    assert.equal(body.length, 2);
    const found = new Set(body.map(({ result }) => result?.structuredContent?.["owner"]));
    return [people[index % 2], [...found].join()];
  }));
  for (const [asked, found] of owners) assert.equal(found, asked);
});

Deno.test("the caller's token goes to the issuer's token endpoint and nowhere else, logs included (10.1, AUTH-18)", async () => {
  const { issuer, call, seen, world } = await start();
  const token = await issuer.accessToken();
  const records = await logged(async () => {
    assert.ok(!(await call("list", token)).text.includes(token));
    for (const error of ["invalid_target", "server_error"]) {
      world.answer = ({ url }) =>
        url === TOKEN_ENDPOINT
          ? Response.json({ error, error_description: `${token} is bad` }, { status: 400 })
          : undefined;
      assert.ok(!(await call("everything", token)).text.includes(token));
    }
  });
  const told = seen.filter((request) => JSON.stringify(request).includes(token));
  assert.ok(told.every(({ redirect }) => redirect === "manual"));
  assert.deepEqual(new Set(told.map(({ url }) => url)), new Set([TOKEN_ENDPOINT]));
  assert.ok(records.some(({ properties }) => /invalid_target/.test(String(properties["reason"]))));
  const lines = JSON.stringify(records.map(({ message, properties }) => [message, properties]));
  for (const secret of [token, issuer.resourceServer.clientSecret]) assert.ok(!lines.includes(secret));
});

Deno.test("an exchange asks as RFC 8693 says, with our client's secret in the header", async () => {
  const { issuer, call, exchanges } = await start();
  const token = await issuer.accessToken();
  await call("list", token);
  await call("by_audience", token);
  await call("everything", token);
  const [byResource, byAudience, everything] = exchanges();
  const { clientId, clientSecret } = issuer.resourceServer;
  assert.equal(byResource!.headers["authorization"], `Basic ${btoa(`${clientId}:${clientSecret}`)}`);
  const asked = {
    grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
    subject_token: token,
    subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    requested_token_type: "urn:ietf:params:oauth:token-type:access_token",
  };
  const sent = (request?: Seen) => Object.fromEntries(new URLSearchParams(request?.body));
  assert.deepEqual(sent(byResource), { ...asked, resource: UPSTREAM, scope: "contacts:read" });
  assert.deepEqual(sent(byAudience), { ...asked, audience: UPSTREAM, scope: "contacts:read" });
  assert.deepEqual(sent(everything), { ...asked, resource: UPSTREAM });
});

Deno.test("a token for an API is kept until half a minute before it expires (10.1)", async () => {
  const { issuer, clock, call, exchanges, world } = await start({
    answer: ({ url }) => url === UPSTREAM ? Response.json({ owner: "ada", scope: "" }) : undefined,
  });
  const { answer } = world;
  world.answer = (request) =>
    request.url === TOKEN_ENDPOINT ? Response.json({ ...GOOD, expires_in: 100 }) : answer?.(request);
  const token = await issuer.accessToken();
  for (const [seconds, asked] of [[0, 1], [69, 1], [1, 2], [69, 2], [1, 3]] as const) {
    clock.now += seconds * 1000;
    ownerIn(await call("list", token));
    assert.equal(exchanges().length, asked, `${seconds}`);
  }
});

Deno.test("a token for an API is never kept longer than the caller's own token (10.1)", async () => {
  const now = { time: NOW };
  let asked = 0;
  const exchange = createTokenExchange({
    ...OPTIONS,
    now: () => now.time,
    fetch: () => (asked++, Promise.resolve(Response.json({ ...GOOD, expires_in: 7_200 }))),
  });
  const caller = { ...CALLER, expiresAt: NOW / 1000 + 60 };
  for (const [seconds, times] of [[0, 1], [59, 1], [1, 2]] as const) {
    now.time += seconds * 1000;
    const { expiresAt } = await exchange("token", caller, TARGET);
    assert.equal(expiresAt, (times === 1 ? NOW : now.time) + 7_200_000);
    assert.equal(asked, times);
  }
});

Deno.test("a new token that allows less does not get what an older one of the same person did (10.1)", async () => {
  const { issuer, call } = await start();
  assert.equal(ownerIn(await call("change", await issuer.accessToken())), "ada");
  const less = await issuer.accessToken({ scopes: ["contacts:read"] });
  assert.match(wordsIn(await call("change", less)), /needs a permission/);
});

Deno.test("32 calls at once of one person are one exchange; other scopes and other people are others (10.1)", async () => {
  const { issuer, call, exchanges } = await start();
  const token = await issuer.accessToken();
  const calls = await Promise.all(Array.from({ length: 32 }, () => call("list", token)));
  for (const called of calls) assert.equal(ownerIn(called), "ada");
  assert.equal(exchanges().length, 1);
  await call("search", token);
  assert.equal(exchanges().length, 1);
  await call("change", token);
  await call("list", await issuer.accessToken({ person: "Grace" }));
  assert.equal(exchanges().length, 3);
});

const GOOD = {
  access_token: "upstream-token",
  token_type: "Bearer",
  issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
  expires_in: 600,
};

const OUTAGES: Record<string, readonly [answer: () => Response | Promise<Response>, reason: RegExp]> = {
  "does not answer": [() => Promise.reject(new TypeError("connection refused")), /connection refused/],
  "answers 500": [() => new Response("down", { status: 500 }), /HTTP 500/],
  "answers 503 in JSON": [() => Response.json({ error: "temporarily_unavailable" }, { status: 503 }), /503/],
  "answers 429": [() => Response.json({ error: "slow_down" }, { status: 429 }), /slow_down/],
  "answers 404": [() => new Response(null, { status: 404 }), /HTTP 404/],
  "answers server_error": [() => Response.json({ error: "server_error" }, { status: 400 }), /server_error/],
  "redirects": [() => Response.redirect("https://evil.example/token", 307), /HTTP 307/],
  "answers in HTML": [() => new Response("<p>Hello"), /not JSON/],
  "answers without end": [
    () => new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(65_536).fill(32)) })),
    /more than 1048576 bytes/,
  ],
  "refuses without end": [
    () =>
      new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(65_536).fill(32)) }), {
        status: 400,
      }),
    /more than 1048576 bytes/,
  ],
  "answers without a token": [() => Response.json({ ...GOOD, access_token: undefined }), /without a bearer/],
  "answers with a token that no header can carry": [
    () => Response.json({ ...GOOD, access_token: "a\r\nb" }),
    /without a bearer/,
  ],
  "answers with a token that is bound to a key": [
    () => Response.json({ ...GOOD, token_type: "DPoP" }),
    /without a bearer/,
  ],
  "answers with another kind of token": [
    () => Response.json({ ...GOOD, issued_token_type: "urn:ietf:params:oauth:token-type:id_token" }),
    /without a bearer/,
  ],
  "answers with scopes without end": [
    () => Response.json({ ...GOOD, scope: "x".repeat(20_000) }),
    /without a bearer/,
  ],
  "does not know our client": [
    () => Response.json({ error: "invalid_client" }, { status: 401 }),
    /invalid_client.*Check TOKEN_EXCHANGE_CLIENT_ID and TOKEN_EXCHANGE_CLIENT_SECRET/,
  ],
  "does not let our client exchange": [
    () => Response.json({ error: "unauthorized_client" }, { status: 400 }),
    /unauthorized_client.*may exchange tokens/,
  ],
  "answers a bare 401": [() => new Response(null, { status: 401 }), /HTTP 401.*Check TOKEN_EXCHANGE_/],
};

for (const [fault, [answer, reason]] of Object.entries(OUTAGES)) {
  Deno.test(`an issuer that ${fault} is an outage: the caller is told to try again, the operator why (10.1, AUTH-27)`, async () => {
    const { issuer, call, world, seen } = await start();
    const token = await issuer.accessToken();
    world.answer = ({ url }) => url === TOKEN_ENDPOINT ? answer() : undefined;
    const records = await logged(async () => {
      const called = await call("list", token);
      assert.match(wordsIn(called), /cannot be used right now.*try again in a moment/);
      assert.equal(hintIn(called), undefined);
    });
    assert.match(
      String(records.find(({ properties }) => properties["reason"])?.properties["reason"]),
      reason,
    );
    assert.ok(
      seen.every(({ url }) => url.startsWith(ISSUER) || url.startsWith("http://localhost:8000/.well-known")),
    );
    world.answer = undefined;
    assert.equal(ownerIn(await call("list", token)), "ada");
  });
}

for (
  const [fault, metadata] of Object.entries({
    "is missing": { token_endpoint: undefined },
    "is no https": { token_endpoint: "http://issuer.example/token" },
    "is no URL": { token_endpoint: "/token" },
    "belongs to another issuer": { issuer: "http://localhost:8000/other" },
  })
) {
  Deno.test(`a token endpoint that ${fault} gets no token, and the next call looks for it again (10.1)`, async () => {
    const { issuer, call, world, seen, exchanges } = await start();
    const token = await issuer.accessToken();
    // The keys are fetched from now on.
    await call("list", await issuer.accessToken({ scopes: [] }));
    world.answer = async ({ url }) =>
      url.includes("/.well-known/")
        ? Response.json({ ...await (await issuer.fetch(url)).json(), ...metadata })
        : undefined;
    assert.match(wordsIn(await call("list", token)), /try again in a moment/);
    assert.equal(exchanges().length, 0);
    assert.ok(!JSON.stringify(seen).includes(token));
    world.answer = undefined;
    assert.equal(ownerIn(await call("list", token)), "ada");
  });
}

Deno.test("an issuer that keeps us waiting is given up when the time for metadata and exchange is over (10.1)", async () => {
  const exchange = createTokenExchange({
    ...OPTIONS,
    fetch: (_, init) =>
      new Promise((_, reject) =>
        init?.signal?.addEventListener("abort", () => reject(init.signal?.reason), { once: true })
      ),
    timeLimitMs: 1,
  });
  await assert.rejects(
    exchange("token", CALLER, TARGET),
    (error) => error instanceof IssuerUnavailable && error.code === "timeout",
  );
});

Deno.test("TOKEN_EXCHANGE_URL names the endpoint, so that no metadata is needed (10.1)", async () => {
  const asked: string[] = [];
  const exchange = createTokenExchange({
    ...OPTIONS,
    fetch: (input) => (asked.push(String(input)), Promise.resolve(Response.json(GOOD))),
  });
  const token = await exchange("token", CALLER, TARGET);
  assert.deepEqual(token, { accessToken: "upstream-token", expiresAt: NOW + 600_000, scopes: ["read"] });
  assert.deepEqual(asked, [OPTIONS.url]);
});

Deno.test("what was granted is told, where it is less than was asked for; a lifetime may be text, or missing (10.1)", async () => {
  const answer: Record<string, unknown> = { ...GOOD, scope: "read", expires_in: "60" };
  const exchange = createTokenExchange({ ...OPTIONS, fetch: () => Promise.resolve(Response.json(answer)) });
  const target = { audience: "api", scopes: ["read", "write"] };
  const { scopes, expiresAt } = await exchange("token", CALLER, target);
  assert.deepEqual([scopes, expiresAt], [["read"], NOW + 60_000]);
  answer["expires_in"] = undefined;
  assert.equal((await exchange("other", CALLER, target)).expiresAt, NOW + 60_000);
});

const OPTIONS = {
  issuer: ISSUER,
  url: "https://issuer.example/exchange",
  clientId: "server",
  clientSecret: "secret",
  now: () => NOW,
  hint: () => "",
  onFailure: () => {},
};
const CALLER = {
  issuer: ISSUER,
  subject: "ada",
  scopes: new Set<string>(),
  clientId: "host",
  expiresAt: NOW / 1000 + 600,
  claims: {},
};
const TARGET = { resource: UPSTREAM, scopes: ["read"] };

Deno.test("a caller of another issuer is refused, and neither its token nor our secret goes anywhere (10.1, AUTH-18)", async () => {
  let asked = 0;
  const exchange = createTokenExchange({
    ...OPTIONS,
    fetch: () => (asked++, Promise.resolve(Response.json(GOOD))),
  });
  const caller = { ...CALLER, issuer: "https://other.example" };
  await assert.rejects(exchange("token", caller, TARGET), ExchangeRefused);
  assert.equal(asked, 0);
});

for (const error of ["invalid_target", "access_denied", "invalid_scope"]) {
  Deno.test(`a refusal by ${error} is told in words, without a sign-in that would not help (10.1)`, async () => {
    const { issuer, call, world } = await start();
    const token = await issuer.accessToken();
    world.answer = ({ url }) =>
      url === TOKEN_ENDPOINT ? Response.json({ error }, { status: 400 }) : undefined;
    const called = await call("list", token);
    assert.match(wordsIn(called), new RegExp(`does not let "The list tool" act for you.*${error}`));
    assert.equal(hintIn(called), undefined);
  });
}

for (const error of ["invalid_grant", "invalid_request", "interaction_required", "consent_required"]) {
  Deno.test(`a refusal by ${error} carries what starts a new sign-in (10.1, OAI-05)`, async () => {
    const { issuer, call, world } = await start();
    const token = await issuer.accessToken({ scopes: ["contacts:read"] });
    world.answer = ({ url }) =>
      url === TOKEN_ENDPOINT ? Response.json({ error }, { status: 400 }) : undefined;
    const called = await call("list", token);
    assert.match(wordsIn(called), new RegExp(`sign in again.*${error}`));
    assert.partialDeepStrictEqual(hintIn(called), { error: "invalid_token", scope: "contacts:read" });
  });
}

for (const error of ["Ünheard of", "x".repeat(60), "<script>", 7]) {
  Deno.test(`an error code that is none (${String(error).slice(0, 12)}) counts as an outage and is not repeated (10.1)`, async () => {
    const { issuer, call, world } = await start();
    const token = await issuer.accessToken();
    world.answer = ({ url }) =>
      url === TOKEN_ENDPOINT ? Response.json({ error }, { status: 400 }) : undefined;
    const words = wordsIn(await call("list", token));
    assert.match(words, /try again in a moment/);
    assert.ok(!words.includes(String(error)));
  });
}

for (const era of ERAS) {
  Deno.test(`a permission that the exchange misses is asked for by a challenge, and then it works (10.1, OAI-05, ${era})`, async () => {
    const { issuer, call } = await start();
    const token = await issuer.accessToken({ scopes: ["contacts:read"] });
    const called = await call("change", token, era);
    assert.match(wordsIn(called), /needs a permission that this connection does not have: contacts:write/);
    const hint = hintIn(called);
    assert.partialDeepStrictEqual(hint, {
      error: "insufficient_scope",
      scope: "contacts:read contacts:write",
    });
    assert.ok(hint?.["resource_metadata"]);
    const more = await issuer.accessToken({ scopes: hint["scope"]!.split(" ") });
    assert.equal(ownerIn(await call("change", more, era)), "ada");
    assert.equal(hintIn(await call("audit", more, era)), undefined);
  });

  Deno.test(`an anonymous caller is told to sign in where a tool for everyone asks for a token (10.1, ${era})`, async () => {
    const { call, exchanges, issuer } = await start();
    const called = await call("search", undefined, era);
    assert.match(wordsIn(called), /^Sign in to use all of "The search tool"/);
    assert.partialDeepStrictEqual(hintIn(called), { error: "invalid_token", scope: "contacts:read" });
    const unfit = await call("search", await issuer.accessToken({ scopes: [] }), era);
    assert.match(wordsIn(unfit), /^Sign in/);
    assert.equal(exchanges().length, 0);
  });
}

Deno.test("without any configuration the development authorization server exchanges tokens (10.1)", async () => {
  const upstream: { fetch?: (request: Request) => Response | Promise<Response> } = {};
  await using server = await createAppServer(CONTACTS, {
    fetch: async (input, init) => await upstream.fetch!(new Request(input, init)),
  });
  const { issuer } = server;
  const { fetch } = createUpstream({
    issuer: issuer.issuer,
    jwksUri: `${issuer.issuer}/jwks.json`,
    fetch: issuer.fetch,
  });
  upstream.fetch = fetch;
  for (const person of ["Ada", "Grace"]) {
    const { result } = await server.callTool("list", {}, { token: await server.accessToken({ person }) });
    assert.deepEqual(result.structuredContent, { owner: person.toLowerCase(), scope: "contacts:read" });
  }
  const refused = await server.callTool("list");
  assert.equal(refused.status, 401);
});

Deno.test("the server does not start without a client for tools that call other APIs, and says what to set (10.1)", async () => {
  await assert.rejects(
    createTestServer({ app: CONTACTS, tokenExchange: undefined }),
    /TOKEN_EXCHANGE_CLIENT_ID is not set: list and .*Set it and TOKEN_EXCHANGE_CLIENT_SECRET .* at https:\/\/issuer\.test/,
  );
});

const UNDECLARED: ToolDefinition<Access, z.ZodObject, z.ZodObject> = {
  ...{ name: "secretive", title: "Secretive", description: "For tests." },
  access: signedIn("notes:read"),
  input: z.strictObject({}),
  output: z.object({}),
  ...{ invoking: "Asking", invoked: "Asked" },
  annotations: { readOnlyHint: true, destructiveHint: false, openWorldHint: true },
  async run(_, { tokenFor }) {
    await tokenFor({ resource: UPSTREAM, scopes: [] });
    return { data: {}, text: "Got a token." };
  },
};

Deno.test("a tool that has not declared it gets no token, and one for everyone cannot declare it (10.1)", async () => {
  const { server, issuer } = await createTestServer({ app: tinyApp([defineTool(UNDECLARED)]) });
  const token = await issuer.token({ scope: "notes:read" });
  const records = await logged(async () => {
    const { body } = await ask(server, toolCall("legacy", "secretive", {}, { token }));
    assert.match(body.result?.content?.[0]?.text ?? "", /failed for a reason on our side/);
  });
  const errors = records.map(({ properties }) => String(properties["error"]));
  assert.ok(errors.some((error) => /declare "upstream: true" in secretive/.test(error)), errors.join());
  assert.throws(
    () => defineTool({ ...UNDECLARED, access: anyone(), upstream: true }),
    /Cannot define secretive: .*must know its callers/,
  );
});
