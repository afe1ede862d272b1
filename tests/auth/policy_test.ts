import assert from "node:assert/strict";
import { followChallenge } from "../challenge_parser.ts";
import { ask, createTestServer, ERAS, type RpcOptions, toolCall } from "../support.ts";

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
