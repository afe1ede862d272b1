import assert from "node:assert/strict";
import { libraryApp } from "../library_app.ts";
import { logged } from "../log_records.ts";
import { ask, createTestServer, type Era, ERAS, rpc, type RpcOptions } from "../support.ts";

const { server, issuer } = await createTestServer({ app: libraryApp() });

const prompt = (name: unknown) => ({ type: "ref/prompt", name });
const template = (uri: unknown) => ({ type: "ref/resource", uri });

async function complete(
  era: Era,
  ref: Readonly<Record<string, unknown>>,
  argument: Readonly<Record<string, unknown>>,
  { given, ...options }: RpcOptions & { readonly given?: Readonly<Record<string, unknown>> } = {},
) {
  const params = { ref, argument, ...(given && { context: { arguments: given } }) };
  const answer = await ask(server, rpc(era, "completion/complete", params, options));
  const { result, error } = answer.body;
  const completion = result?.["completion"] as Record<string, unknown> | undefined;
  return { ...answer, completion, values: completion?.["values"] as string[] | undefined, error };
}

for (const era of ERAS) {
  Deno.test(`${era}: an argument of a prompt is completed from what was typed (issue 10)`, async () => {
    const { completion } = await complete(era, prompt("summarize"), { name: "topic", value: "po" });
    assert.deepEqual(completion, { values: ["poetry", "politics", "portraits"], total: 3, hasMore: false });
  });

  Deno.test(`${era}: at most 100 values are sent, and the others are counted (issue 10)`, async () => {
    const argument = { name: "topic", value: "" };
    const { completion, values } = await complete(era, prompt("summarize"), argument, {
      given: { tone: "dry" },
    });
    assert.equal(values?.length, 100);
    assert.equal(values?.[99], "page 99");
    assert.equal(completion?.["total"], 250);
    assert.equal(completion?.["hasMore"], true);
  });

  Deno.test(`${era}: an argument that nothing completes has no values (issue 10)`, async () => {
    for (
      const [ref, name] of [
        [prompt("summarize"), "tone"],
        [template("library://books/{id}"), "id"],
        [template("library://search/{shelf}{?q}"), "shelf"],
        [template("ui://widget/{name}.html"), "name"],
      ] as const
    ) {
      const { completion } = await complete(era, ref, { name, value: "x" });
      assert.deepEqual(completion, { values: [], total: 0, hasMore: false });
    }
  });

  Deno.test(`${era}: completing needs the access of what it is for, and learns who calls (issue 10)`, async () => {
    for (
      const [ref, name] of [
        [prompt("review"), "loan"],
        [template("library://letters/{year}/{id}"), "id"],
      ] as const
    ) {
      const argument = { name, value: "v" };
      assert.equal((await complete(era, ref, argument)).status, 401);
      const wrong = await issuer.token({ scope: "notes:write" });
      assert.equal((await complete(era, ref, argument, { token: wrong })).status, 403);
      for (const sub of ["ada", "grace"]) {
        const token = await issuer.token({ sub, scope: "notes:read" });
        const { values, headers } = await complete(era, ref, argument, {
          token,
          given: { year: "2026", other: "canary" },
        });
        assert.deepEqual(values, [name === "id" ? `${sub} 2026 v` : `${sub} v`]);
        assert.equal(headers.get("cache-control"), "no-store");
      }
    }
    const search = template("library://search/{shelf}{?q}");
    const token = await issuer.token({ scope: "" });
    const { values } = await complete(era, search, { name: "q", value: "v" }, { token });
    assert.deepEqual(values, ["v for undefined"]);
  });

  for (
    const [what, ref, argument, says] of [
      ["an unknown prompt", prompt("nothing"), { name: "x", value: "" }, /^There is no prompt "nothing"/],
      [
        "a prompt's name as a template",
        template("summarize"),
        { name: "topic", value: "" },
        /^There is no resource/,
      ],
      [
        "a URI of a template",
        template("library://books/1"),
        { name: "id", value: "" },
        /^There is no resource/,
      ],
      ["an unknown argument", prompt("summarize"), { name: "nothing", value: "" }, /no argument "nothing"/],
      ["an inherited argument", prompt("summarize"), { name: "constructor", value: "" }, /no argument/],
      ["a value that is no text", prompt("summarize"), { name: "topic", value: 5 }, /must be text/],
      ["too long a value", prompt("summarize"), { name: "topic", value: "x".repeat(1_001) }, /at most 1000/],
      [
        "another kind of reference",
        { type: "ref/tool", name: "x" },
        { name: "topic", value: "" },
        /must be the name/,
      ],
      ["no argument", prompt("summarize"), {}, /must be text/],
    ] as const
  ) {
    Deno.test(`${era}: completing for ${what} is -32602 (issue 10)`, async () => {
      const { error, text } = await complete(era, ref, argument);
      assert.equal(error?.code, -32602);
      assert.match(error?.message ?? "", says);
      assert.ok(text.length < 1_000);
      assert.doesNotMatch(text, /Invalid input|expected/);
    });
  }

  Deno.test(`${era}: what fails while completing is -32603 without the cause (issue 10)`, async () => {
    const records = await logged(async () => {
      const given = { tone: "dry" };
      const { server } = await createTestServer({ app: libraryApp() });
      const params = {
        ref: prompt("summarize"),
        argument: { name: "topic", value: "boom" },
        context: { arguments: given },
      };
      const { body, text } = await ask(server, rpc(era, "completion/complete", params));
      assert.equal(body.error?.code, -32603);
      assert.ok(!text.includes("secret"), text);
    });
    assert.equal(records.filter(({ level }) => level === "error").length, 1);
  });
}
