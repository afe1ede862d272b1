import assert from "node:assert/strict";
import { citedIn } from "../requirements/citations.ts";
import { mutate, MUTATIONS } from "./mutations.ts";
import seen from "./seen.json" with { type: "json" };

const root = new URL("../../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });

Deno.test({
  name: "every mutation of a line that keeps somebody out still fits the code, and names its tests",
  ignore: state !== "granted",
  async fn() {
    const names = MUTATIONS.map(({ what }) => what);
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.length >= 30);
    for (const mutation of MUTATIONS) {
      const text = await Deno.readTextFile(new URL(mutation.file, root));
      assert.notEqual(mutate(text, mutation), text, mutation.what);
      assert.ok(mutation.tests.length > 0, mutation.what);
      for (const file of mutation.tests) await Deno.stat(new URL(file, root));
    }
  },
});

Deno.test({
  name:
    "the record of `deno task mutate --record` has every mutation, with what its tests cite, and no other",
  ignore: state !== "granted",
  async fn() {
    assert.deepEqual(Object.keys(seen), MUTATIONS.map(({ what }) => what));
    const record: Readonly<Record<string, readonly string[]>> = seen;
    for (const { what, tests } of MUTATIONS) {
      const texts = await Promise.all(tests.map((file) => Deno.readTextFile(new URL(file, root))));
      const cited = new Set(texts.flatMap(citedIn));
      assert.deepEqual(record[what]!.filter((id) => !cited.has(id)), [], what);
    }
  },
});

Deno.test("a mutation whose line is gone, or stands twice, is stale", () => {
  const mutation = { what: "any", file: "any.ts", from: "if (bad)", to: "if (false)", tests: [] };
  assert.equal(mutate("if (bad) throw", mutation), "if (false) throw");
  for (const text of ["", "if (bad) if (bad)"]) assert.throws(() => mutate(text, mutation), /must have one/);
});
