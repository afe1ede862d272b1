import assert from "node:assert/strict";
import { libraryApp } from "../library_app.ts";
import { createTestServer, RESOURCE } from "../support.ts";
import { CLIENTS, type McpClient, statusOf } from "./clients.ts";
import { granted } from "./served.ts";

// The clients read files and variables when they are imported.
const ignore = !await granted("read", "env");

/** Connects with a token of this scope for this person, or with none. */
type As = (
  claims: Record<string, unknown> | undefined,
  use: (client: McpClient) => Promise<void>,
) => Promise<void>;

/** One test for each of the clients, without a network. */
function test(behaviour: string, run: (as: As) => Promise<void>): void {
  for (const [name, { connect, revision }] of Object.entries(CLIENTS)) {
    Deno.test({
      name: `${name} ${behaviour} (issue 10)`,
      ignore,
      async fn() {
        const { server, issuer } = await createTestServer({ app: libraryApp() });
        const fetch: typeof globalThis.fetch = async (input, init) =>
          await server.fetch(new Request(input, init));
        await run(async (claims, use) => {
          const token = claims && { token: await issuer.token(claims) };
          await using connection = await connect(RESOURCE, { fetch, ...token });
          assert.equal(connection.revision, revision);
          await use(connection.client);
        });
      },
    });
  }
}

const reader = (sub: string) => ({ sub, scope: "notes:read" });
const refused = (status: number) => (error: unknown) => {
  assert.equal(statusOf(error), status, String(error));
  return true;
};
const letters = { type: "ref/resource", uri: "library://letters/{year}/{id}" } as const;

test("lists and reads resources, those of templates and those of bytes too", (as) =>
  as(undefined, async (client) => {
    const { resources } = await client.listResources();
    assert.deepEqual(resources.map(({ uri }) => uri), [
      "library://hours",
      "library://plan",
      "library://loans",
    ]);
    const { resourceTemplates } = await client.listResourceTemplates();
    assert.ok(resourceTemplates.some(({ uriTemplate }) => uriTemplate === "library://books/{id}"));
    assert.equal((await client.readResource({ uri: "library://books/1" })).contents[0]?.["text"], "Emma");
    assert.equal((await client.readResource({ uri: "library://plan" })).contents[0]?.["blob"], "AQL/");
    await assert.rejects(client.readResource({ uri: "library://books/9" }), { code: -32602 });
  }));

test("lists and gets prompts, and completes what they take", (as) =>
  as(undefined, async (client) => {
    const { prompts } = await client.listPrompts();
    assert.deepEqual(prompts.map(({ name }) => name), ["summarize", "review", "broken", "hello"]);
    const { messages } = await client.getPrompt({ name: "summarize", arguments: { topic: "poetry" } });
    const text = "Summarize poetry, warm, for undefined.";
    assert.deepEqual(messages, [{ role: "user", content: { type: "text", text } }]);
    await assert.rejects(client.getPrompt({ name: "summarize" }), {
      code: -32602,
      message: /topic is missing/,
    });
    const ref = { type: "ref/prompt", name: "summarize" } as const;
    const { completion } = await client.complete({ ref, argument: { name: "topic", value: "pol" } });
    assert.deepEqual(completion.values, ["politics"]);
  }));

test("is refused what is protected without a token, and with one of another scope", async (as) => {
  for (const [claims, status] of [[undefined, 401], [{ scope: "notes:write" }, 403]] as const) {
    await as(claims, async (client) => {
      await assert.rejects(client.readResource({ uri: "library://loans" }), refused(status));
      await assert.rejects(client.getPrompt({ name: "review" }), refused(status));
      const argument = { name: "id", value: "" };
      await assert.rejects(client.complete({ ref: letters, argument }), refused(status));
    });
  }
});

test("gives each person their own resources, prompts and completions", async (as) => {
  for (const sub of ["ada", "grace", "ada"]) {
    await as(reader(sub), async (client) => {
      const { contents } = await client.readResource({ uri: "library://loans" });
      assert.match(String(contents[0]?.["text"]), new RegExp(`^loans of .* ${sub}$`));
      const { messages } = await client.getPrompt({ name: "review" });
      assert.match(JSON.stringify(messages), new RegExp(`loans of ${sub}`));
      const { completion } = await client.complete({
        ref: letters,
        argument: { name: "id", value: "7" },
        context: { arguments: { year: "2026" } },
      });
      assert.deepEqual(completion.values, [`${sub} 2026 7`]);
    });
  }
});
