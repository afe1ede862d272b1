import type { LogRecord } from "@logtape/logtape";
import assert from "node:assert/strict";
import { logged } from "../log_records.ts";
import {
  ask,
  createTestServer,
  ERAS,
  ISSUER,
  NOW,
  RESOURCE,
  rpc,
  TestIssuer,
  type TestServerOptions,
  toolCall,
} from "../support.ts";

type Claims = Record<string, unknown>;

/** What the log says at `info` or louder of one call with a token of these claims, in the words of its message, too. */
async function lineOf(
  claims: Claims,
  options: TestServerOptions = {},
  { header, request, down = false }: {
    readonly header?: Claims;
    readonly request?: (token: string) => Request;
    readonly down?: boolean;
  } = {},
): Promise<{ level: string; text: string; properties: LogRecord["properties"] }> {
  const { server, issuer } = await createTestServer(options);
  issuer.down = down;
  const token = await issuer.token(claims, header);
  const records = await logged(async () =>
    void await ask(server, request?.(token) ?? toolCall("modern", "list_notes", {}, { token, id: 7 }))
  );
  const [line, ...more] = records.filter(({ level }) => level !== "debug");
  assert.ok(line, "nothing was logged");
  assert.deepEqual(more, [], "one line a refusal");
  const { level, message, properties } = line;
  return { level, text: message.join(""), properties };
}

Deno.test("the log tells of a wrong audience what was expected and what came, and what to set", async () => {
  const { level, text, properties } = await lineOf({ aud: ["https://elsewhere.test", "account"] });
  assert.equal(level, "info");
  assert.equal(properties["fault"], "audience");
  assert.equal(properties["expected"], RESOURCE);
  assert.equal(properties["came"], "https://elsewhere.test account");
  assert.match(
    text,
    /^Refused tools\/call list_notes: audience\. .*came: https:\/\/elsewhere\.test.*JWT_AUDIENCES/,
  );
});

Deno.test("the log tells of a wrong issuer which one came, and what to set", async () => {
  const { level, text, properties } = await lineOf({ iss: `${ISSUER}/` });
  assert.equal(level, "info");
  assert.equal(properties["fault"], "issuer");
  assert.equal(properties["expected"], ISSUER);
  assert.equal(properties["came"], `${ISSUER}/`);
  assert.match(text, /AUTHORIZATION_SERVER_URL/);
});

/** The issuer, whose answers say what time it is there. */
async function issuerWithClock(ms: number, age?: string) {
  const issuer = await TestIssuer.create();
  const fetch = (async (input: string | URL | Request) => {
    const response = await issuer.fetch(input);
    response.headers.set("date", new Date(ms).toUTCString());
    if (age !== undefined) response.headers.set("age", age);
    return response;
  }) as typeof globalThis.fetch;
  return { issuer, fetch };
}

Deno.test("the log tells a skewed clock from an old token: how far this clock is ahead of the issuer's", async () => {
  for (const [ahead, fault] of [[3_600, "expired"], [-3_600, "not_yet_valid"]] as const) {
    const { issuer, fetch } = await issuerWithClock(NOW - 60_000, "60");
    const { server } = await createTestServer({ fetch, now: () => NOW + ahead * 1_000 });
    const token = await issuer.token({ nbf: NOW / 1_000 });
    const records = await logged(async () =>
      void await ask(server, toolCall("legacy", "list_notes", {}, { token }))
    );
    const { properties } = records.find(({ level }) => level === "info")!;
    assert.equal(properties["fault"], fault);
    assert.equal(properties["clockAheadSeconds"], String(ahead));
    assert.equal(properties["secondsSinceIssue"], String(ahead));
    if (ahead > 0) assert.equal(properties["secondsSinceExpiry"], "3000");
    else assert.equal(properties["secondsUntilValid"], "3600");
    assert.match(String(properties["reason"]), /clock/);
  }
});

Deno.test("the log tells of a missing scope what is needed and what the token has", async () => {
  const { level, text, properties } = await lineOf({ scope: "profile notes:write" });
  assert.equal(level, "info");
  assert.equal(properties["fault"], "insufficient_scope");
  assert.equal(properties["needed"], "notes:read");
  assert.equal(properties["scopes"], "profile notes:write");
  assert.equal(properties["foundIn"], undefined);
  assert.match(text, /Grant the scope at the issuer/);
});

Deno.test("the log tells of scopes in a claim that is not read, and what to add to SCOPE_CLAIMS", async () => {
  for (const permissions of [["notes:read"], "notes:write notes:read"]) {
    const { text, properties } = await lineOf({ scope: "profile", permissions });
    assert.equal(properties["fault"], "insufficient_scope");
    assert.equal(properties["foundIn"], "permissions");
    assert.match(text, /add permissions to SCOPE_CLAIMS/);
  }
  const env = { SCOPE_CLAIMS: "scope,permissions" };
  const { server, issuer } = await createTestServer({ env });
  const token = await issuer.token({ scope: "profile", permissions: ["notes:read"] });
  assert.equal((await ask(server, toolCall("legacy", "list_notes", {}, { token }))).status, 200, "mended");
});

Deno.test("the log tells of a dead issuer, as a warning", async () => {
  const { level, text, properties } = await lineOf({}, {}, { down: true });
  assert.equal(level, "warning");
  assert.equal(properties["fault"], "no_metadata");
  assert.equal(properties["status"], 503);
  assert.match(text, /issuer\.test.*connection refused.*AUTHORIZATION_SERVER_URL/);
});

const FAULTS: Record<string, { claims?: Claims; header?: Claims; says: RegExp }> = {
  unknown_key: { header: { kid: "key-9" }, says: /issuer: https:\/\/issuer\.test; kid: key-9; alg: ES256/ },
  type: { header: { typ: "logout+jwt" }, says: /came: logout\+jwt/ },
  claims: { claims: { sub: undefined }, says: /claim: sub/ },
  binding: { claims: { cnf: { jkt: "x" } }, says: /claim: cnf.*DPoP/ },
};

for (const [fault, { claims = {}, header = {}, says }] of Object.entries(FAULTS)) {
  Deno.test(`the log tells of a token with the fault ${fault} what came`, async () => {
    const { properties } = await lineOf(claims, {}, { header });
    assert.equal(properties["fault"], fault);
    assert.match(String(properties["reason"]), says);
  });
}

Deno.test("the log tells an opaque and an encrypted token by their parts, without a character of them (AUTH-24)", async () => {
  for (const [token, parts] of [["opaque-canary", "1"], ["a.canary.c.d.e", "5"]] as const) {
    const request = () => toolCall("legacy", "list_notes", {}, { token });
    const { text, properties } = await lineOf({}, {}, { request });
    assert.equal(properties["fault"], "format");
    assert.equal(properties["came"], parts);
    assert.doesNotMatch(text + JSON.stringify(properties), /canary/);
  }
});

Deno.test("a line says method, tool, id, era, dialect, and who by a hash", async () => {
  const request = (token: string) =>
    toolCall("legacy", "list_notes", {}, { token, id: "seven", meta: { "openai/subject": "v1/anon" } });
  const { properties } = await lineOf({ scope: "profile", sub: "ada@example.com" }, {}, { request });
  const { method, name, id, era, dialect, status, decision, client, subject, ms } = properties;
  assert.deepEqual({ method, name, id, era, dialect, status, decision, client, ms }, {
    ...{ method: "tools/call", name: "list_notes", id: "seven", era: "legacy", dialect: "result" },
    ...{ status: 403, decision: "refused", client: "test-client", ms: 0 },
  });
  assert.match(String(subject), /^[0-9a-f]{16}$/);
  assert.doesNotMatch(JSON.stringify(properties), /ada|anon/);
});

Deno.test("a call without a token, malformed credentials and a spent budget each have a word of their own", async () => {
  const { server: open } = await createTestServer();
  const [bare] = await logged(async () => void await ask(open, toolCall("modern", "list_notes")));
  assert.equal(bare?.properties["fault"], "no_token");
  assert.equal(bare.level, "debug", "it is how sign-in begins, and nothing to mend");
  assert.equal(bare.message.join(""), "Refused tools/call list_notes: no_token", "nothing more to say");
  const two = { authorization: "Bearer a b" };
  const malformed = await lineOf({}, {}, { request: () => rpc("legacy", "ping", {}, { headers: two }) });
  assert.equal(malformed.properties["fault"], "malformed");
  assert.match(malformed.text, /exactly one bearer token/);
  const { server } = await createTestServer({ rateLimitPerMinute: 1 });
  const hint = { meta: { "openai/subject": "v1/anon" } };
  const records = await logged(async () => {
    for (const era of ERAS) await ask(server, toolCall(era, "search_notes", {}, hint));
  });
  const limited = records.find(({ level }) => level === "info")!;
  assert.equal(limited.properties["fault"], "too_many_calls");
  assert.equal(limited.properties["budget"], "hint");
});

Deno.test("whatever a caller makes up is short in the log, and has no control characters (A1)", async () => {
  const evil = `\u0000\u001b[31m\r\n\u202e\ud800${"x".repeat(10_000)}`;
  const lines = [
    await lineOf({ iss: evil }),
    await lineOf({ aud: [evil, evil] }),
    await lineOf({}, {}, { header: { kid: evil } }),
    await lineOf({ scope: "profile", client_id: "x".repeat(2_000), [evil]: ["notes:read"] }),
    await lineOf({}, {}, {
      request: (token) => rpc("legacy", "prompts/get", { name: evil }, { token: `${token}x` }),
    }),
    await lineOf({}, {}, { request: (token) => rpc("legacy", evil, {}, { token: `${token}x`, id: evil }) }),
  ];
  for (const { text, properties } of lines) {
    assert.ok(text.length < 1_500, `${text.length} characters`);
    for (const value of [text, ...Object.values(properties)]) {
      assert.doesNotMatch(String(value), /\p{C}/u);
    }
  }
});

Deno.test("a call that is answered has a line at debug, and at info where LOG_CALLS says so", async () => {
  for (const [logCalls, expected] of [["false", "debug"], ["true", "info"]] as const) {
    const { server, issuer } = await createTestServer({ env: { LOG_CALLS: logCalls } });
    const token = await issuer.token();
    const records = await logged(async () => {
      for (const era of ERAS) await ask(server, toolCall(era, "list_notes", {}, { token, id: 7 }));
    });
    const lines = records.filter(({ properties }) => properties["decision"] !== undefined);
    assert.deepEqual(
      lines.map(({ level, properties: { method, name, id, era, decision, status } }) => [
        ...[level, method, name, id, era, decision, status],
      ]),
      ERAS.map((era) => [expected, "tools/call", "list_notes", "7", era, "allowed", 200]),
    );
  }
});

Deno.test("a request that ends before its messages are known is logged with the reason", async () => {
  const { server } = await createTestServer();
  const records = await logged(async () =>
    void await ask(server, new Request(RESOURCE, { method: "POST", body: "x" }))
  );
  assert.match(String(records.at(-1)?.properties["reason"]), /application\/json/);
});
