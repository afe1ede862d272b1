import assert from "node:assert/strict";
import { mixed, signedIn } from "../../src/mod.ts";
import { followChallenge } from "../challenge_parser.ts";
import {
  ask,
  createTestServer,
  type Era,
  ERAS,
  NOW,
  rpc,
  type RpcAnswer,
  type RpcOptions,
  TestIssuer,
  toolCall,
} from "../support.ts";
import { tinyApp, tool } from "../tiny_app.ts";
import { accessApp, type Level } from "./access_app.ts";
import { EXPECTED, ON_THE_WIRE, type Outcome, POLICIES, TOKENS } from "./access_table.ts";

/** Hosts and settings, and the status that a missing token gets from them. */
const DIALECTS: readonly {
  readonly name: string;
  readonly mode?: "auto" | "http" | "result";
  readonly options: RpcOptions;
  readonly status: 200 | 401;
}[] = [
  { name: "any host", options: {}, status: 401 },
  { name: "a host named like a browser", options: { headers: { "user-agent": "Mozilla/5.0" } }, status: 401 },
  {
    name: "ChatGPT, known by User-Agent",
    options: { headers: { "user-agent": "openai-mcp/1.0" } },
    status: 200,
  },
  { name: "ChatGPT, known by _meta", options: { meta: { "openai/locale": "en" } }, status: 200 },
  { name: "any host, AUTH_CHALLENGE=result", mode: "result", options: {}, status: 200 },
  {
    name: "ChatGPT, AUTH_CHALLENGE=http",
    mode: "http",
    options: { meta: { "openai/locale": "en" } },
    status: 401,
  },
];

/** Reads the challenges in a body; every one of them has to parse and to lead somewhere. */
async function hints(
  server: Parameters<typeof followChallenge>[0],
  meta: Readonly<Record<string, unknown>> = {},
) {
  const values = meta["mcp/www_authenticate"];
  assert.ok(Array.isArray(values) && values.length > 0, "the body has no mcp/www_authenticate");
  return await Promise.all(values.map((value) => followChallenge(server, value)));
}

for (const era of ERAS) {
  for (const { name, mode = "auto", options, status } of DIALECTS) {
    const title = `${era}, ${name}`;
    const start = () => createTestServer({ challengeMode: mode });

    Deno.test(`${title}: an open call without a token is anonymous (MIX-02)`, async () => {
      const { server } = await start();
      const { status, headers, body } = await ask(server, toolCall(era, "search_notes", {}, options));
      assert.equal(status, 200);
      assert.equal(headers.get("www-authenticate"), null);
      assert.equal(body.result?.structuredContent?.["signedIn"], false);
    });

    Deno.test(`${title}: a protected call without a token is challenged with ${status} (MIX-04, OAI-05, C1, C2)`, async () => {
      const { server } = await start();
      const answer = await ask(server, toolCall(era, "list_notes", {}, options));
      assert.equal(answer.status, status);
      assert.equal(answer.headers.get("cache-control"), "no-store");
      const header = await followChallenge(server, answer.headers.get("www-authenticate"));
      assert.deepEqual(Object.keys(header).sort(), ["resource_metadata", "scope"]);
      assert.equal(header["scope"], "notes:read");
      const { result, id } = answer.body;
      assert.equal(id, 1);
      assert.equal(result?.isError, true);
      assert.equal(result?.structuredContent, undefined);
      assert.equal(result?.["resultType"], era === "modern" ? "complete" : undefined);
      assert.match(result?.content?.[0]?.text ?? "", /Sign in/);
      for (const hint of await hints(server, result?._meta)) {
        assert.equal(hint["error"], "invalid_token");
        assert.ok(hint["error_description"]);
        assert.equal(hint["scope"], "notes:read");
      }
    });

    Deno.test(`${title}: a bad token is 401 on open and protected calls alike (AUTH-20)`, async () => {
      const { server, issuer } = await start();
      const token = await issuer.token({ aud: "https://elsewhere.test/mcp" });
      for (const tool of ["search_notes", "list_notes"]) {
        const answer = await ask(server, toolCall(era, tool, {}, { ...options, token }));
        assert.equal(answer.status, 401);
        const header = await followChallenge(server, answer.headers.get("www-authenticate"));
        assert.equal(header["error"], "invalid_token");
        assert.match(header["error_description"] ?? "", /another resource/);
        assert.deepEqual(await hints(server, answer.body.result?._meta), [header]);
      }
    });

    Deno.test(`${title}: a good token without the scope is 403 where it is needed (AUTH-13, C10)`, async () => {
      const { server, issuer } = await start();
      const token = await issuer.token({ scope: "profile" });
      const answer = await ask(server, toolCall(era, "list_notes", {}, { ...options, token }));
      assert.equal(answer.status, 403);
      const header = await followChallenge(server, answer.headers.get("www-authenticate"));
      assert.equal(header["error"], "insufficient_scope");
      assert.equal(header["scope"], "notes:read");
      assert.ok(header["error_description"]);
      assert.deepEqual(await hints(server, answer.body.result?._meta), [header]);
    });

    Deno.test(`${title}: a good token without the scope is anonymous on the open call (MIX-03)`, async () => {
      const { server, issuer } = await start();
      const token = await issuer.token({ scope: "profile" });
      const answer = await ask(server, toolCall(era, "search_notes", {}, { ...options, token }));
      assert.equal(answer.status, 200);
      assert.equal(answer.body.result?.structuredContent?.["signedIn"], false);
    });

    Deno.test(`${title}: a good token opens both calls (MIX-02)`, async () => {
      const { server, issuer } = await start();
      const token = await issuer.token();
      const search = await ask(server, toolCall(era, "search_notes", {}, { ...options, token }));
      assert.equal(search.body.result?.structuredContent?.["signedIn"], true);
      const listed = await ask(server, toolCall(era, "list_notes", {}, { ...options, token }));
      assert.equal(listed.status, 200);
      assert.equal(listed.body.result?.isError, undefined);
      assert.ok(Array.isArray(listed.body.result?.structuredContent?.["notes"]));
    });

    Deno.test(`${title}: a token whose keys cannot be had is 503, neither refused nor let in (AUTH-27)`, async () => {
      const { server, issuer } = await start();
      issuer.down = true;
      const token = await issuer.token();
      for (const tool of ["search_notes", "list_notes"]) {
        const answer = await ask(server, toolCall(era, tool, {}, { ...options, token }));
        assert.equal(answer.status, 503);
        assert.match(answer.headers.get("retry-after") ?? "", /^[1-9]\d*$/);
        assert.equal(answer.headers.get("www-authenticate"), null);
      }
    });
  }
}

const LEVELS: Readonly<Record<typeof POLICIES[number], Level>> = {
  "anyone()": "open",
  "mixed(scope)": "mixed",
  "signedIn(scope)": "closed",
};

/** Requests that aim at what has an access level, by method. */
const METHODS: Readonly<
  Record<string, (era: Era, level: Level, options: RpcOptions) => Request | Promise<Request>>
> = {
  "a tool": (era, level, options) => toolCall(era, `${level}_tool`, {}, options),
  "a resource": (era, level, options) => rpc(era, "resources/read", { uri: `test://${level}` }, options),
  "a template": (era, level, options) => rpc(era, "resources/read", { uri: `test://${level}/1` }, options),
  "a prompt": (era, level, options) => rpc(era, "prompts/get", { name: `${level}_prompt` }, options),
  "a completion": (era, level, options) =>
    rpc(era, "completion/complete", {
      ref: { type: "ref/resource", uri: `test://${level}/{id}` },
      argument: { name: "id", value: "" },
    }, options),
  async "a batch"(era, level, options) {
    const requests = [
      toolCall(era, "open_tool", {}, options),
      toolCall(era, `${level}_tool`, {}, { ...options, id: 2 }),
    ];
    const messages = await Promise.all(requests.map((request) => request.clone().json()));
    return new Request(requests[1]!, { body: JSON.stringify(messages) });
  },
};

const NOW_SECONDS = NOW / 1000;
const tableIssuer = await TestIssuer.create();
const signed = await signTokens(tableIssuer);

/** The tokens of the table, as `issuer` signs them. */
async function signTokens(issuer: TestIssuer): Promise<Record<typeof TOKENS[number], string | undefined>> {
  const other = await TestIssuer.create("https://other.test");
  return {
    none: undefined,
    garbage: "not-a-token",
    expired: await issuer.token({ exp: NOW_SECONDS - 31 }),
    "not yet valid": await issuer.token({ nbf: NOW_SECONDS + 31 }),
    "of another issuer": await other.token(),
    "for another resource": await issuer.token({ aud: "https://elsewhere.test/mcp" }),
    "without the scope": await issuer.token({ scope: "profile" }),
    good: await issuer.token(),
    "good, while the issuer is down": await issuer.token(),
  };
}

for (const token of TOKENS) {
  for (const policy of POLICIES) {
    const outcome = EXPECTED[token][policy];
    Deno.test(`token ${token}, access ${policy}: ${outcome}, for every host, era and method (AUTH-20, AUTH-22)`, async () => {
      for (const { name, mode = "auto", options, status } of DIALECTS) {
        const isDown = token === "good, while the issuer is down";
        const fetch = isDown ? () => Promise.reject(new TypeError("refused")) : tableIssuer.fetch;
        const { server } = await createTestServer({ app: accessApp, challengeMode: mode, fetch });
        for (const [method, request] of Object.entries(METHODS)) {
          for (const era of method === "a batch" ? ["legacy"] as const : ERAS) {
            const asked = await request(era, LEVELS[policy], { ...options, token: signed[token] });
            const cell = `${name}, ${era}, ${method}`;
            const isCall = method === "a tool" || method === "a batch";
            const answer = await ask<RpcAnswer | RpcAnswer[]>(server, asked);
            await checkCell(server, answer, outcome, {
              isCall,
              hasToken: token !== "none",
              signInStatus: isCall ? status : 401,
              cell,
            });
          }
        }
      }
    });
  }
}

/** Checks status, headers and body of one cell. `signInStatus` is that of a missing token in this dialect. */
async function checkCell(
  server: Parameters<typeof followChallenge>[0],
  { status, headers, body }: Awaited<ReturnType<typeof ask<RpcAnswer | RpcAnswer[]>>>,
  outcome: Outcome,
  { isCall, hasToken, signInStatus, cell }: {
    readonly isCall: boolean;
    readonly hasToken: boolean;
    readonly signInStatus: number;
    readonly cell: string;
  },
): Promise<void> {
  const expected = ON_THE_WIRE[outcome];
  const isServed = outcome.startsWith("served");
  assert.equal(status, outcome === "asked to sign in" ? signInStatus : expected.status, cell);
  assert.equal(headers.has("retry-after"), expected.retryAfter === true, cell);
  assert.equal(headers.has("www-authenticate"), expected.challenge !== undefined, cell);
  if (expected.challenge !== undefined) {
    const challenge = await followChallenge(server, headers.get("www-authenticate"));
    assert.equal(challenge["error"], expected.challenge ?? undefined, cell);
    assert.equal(challenge["scope"], outcome === "token refused" ? undefined : "notes:read", cell);
  }
  const mayBeKept = isServed && !hasToken;
  assert.equal(headers.get("cache-control") !== "no-store", mayBeKept, cell);
  const answers = [body].flat() as RpcAnswer[];
  for (const { result, error } of answers) {
    const text = isCall ? result?.content?.[0]?.text : error?.message;
    if (isServed) {
      assert.equal(result?.isError, undefined, cell);
      assert.equal(error, undefined, cell);
    } else {
      assert.match(text ?? "", expected.words ?? /^$/, cell);
      assert.equal(result?.isError, isCall ? true : undefined, cell);
      assert.equal(
        result?._meta?.["mcp/www_authenticate"] !== undefined,
        isCall && "challenge" in expected,
        cell,
      );
    }
  }
  const served = JSON.stringify(answers.at(-1));
  assert.equal(served.includes("for ada"), outcome === "served as the person", `${cell}: ${served}`);
  assert.equal(served.includes("for nobody"), outcome === "served as nobody", `${cell}: ${served}`);
}

Deno.test("of two scopes that an access names, one alone opens nothing (MIX-03, MIX-04)", async () => {
  const both = ["notes:read", "notes:write"];
  const greet = (name: string, access: ReturnType<typeof mixed> | ReturnType<typeof signedIn>) =>
    tool(name, (_, { caller }) => ({ data: { answer: caller?.subject ?? "nobody" }, text: "Done" }), access);
  const app = tinyApp([greet("two_faces", mixed(...both)), greet("closed", signedIn(...both))]);
  const { server, issuer } = await createTestServer({ app });
  for (const era of ERAS) {
    for (const scope of [...both, both.join(" ")]) {
      const token = await issuer.token({ scope });
      const hasBoth = scope.includes(" ");
      const open = await ask(server, toolCall(era, "two_faces", {}, { token }));
      assert.equal(open.body.result?.structuredContent?.["answer"], hasBoth ? "ada" : "nobody", scope);
      assert.equal(
        (await ask(server, toolCall(era, "closed", {}, { token }))).status,
        hasBoth ? 200 : 403,
        scope,
      );
    }
  }
});
