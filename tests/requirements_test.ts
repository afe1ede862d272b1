import assert from "node:assert/strict";
import seen from "./mutation/seen.json" with { type: "json" };
import { requirements } from "./requirements.ts";
import { citationsOf, citedIn, readCitations } from "./requirements/citations.ts";
import { isMust, table, untested } from "./requirements/table.ts";

const root = new URL("../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: root });
const ignore = state !== "granted";

Deno.test("no two requirements share an id", () => {
  const ids = requirements.map(({ id }) => id);
  assert.deepEqual(ids.filter((id, index) => ids.indexOf(id) !== index), []);
});

Deno.test("every requirement is one sentence with a link to its source", () => {
  for (const { id, sentence, source, notApplicable } of requirements) {
    assert.match(sentence, /^[^.]*(\S\.\S[^.]*)*\.$/, id);
    assert.equal(new URL(source).protocol, "https:", id);
    assert.notEqual(notApplicable, "", id);
  }
});

for (
  const [text, ids] of Object.entries({
    "a token is refused (AUTH-07)": ["AUTH-07"],
    "(AUTH-16, AUTH-17)": ["AUTH-16", "AUTH-17"],
    "RFC 9068 section 4, AUTH-01…03, AUTH-28": ["AUTH-01", "AUTH-02", "AUTH-03", "AUTH-28"],
    "PRM-09..10 and PRM-12": ["PRM-09", "PRM-10", "PRM-12"],
    "from VIEW-01 to VIEW-03": ["VIEW-01", "VIEW-02", "VIEW-03"],
    "OAI-08–OAI-10": ["OAI-08", "OAI-09", "OAI-10"],
    "VIEW-01 … 03": ["VIEW-01", "VIEW-02", "VIEW-03"],
    "TRN-02/04": ["TRN-02", "TRN-04"],
    "(C1, C2)": ["C1", "C2"],
    "see conflict C10, or conflicts C1-C3 and C6": ["C10", "C1", "C2", "C3", "C6"],
    "(PRM-04, C4)": ["PRM-04", "C4"],
    "(A5) in UTF-16 or SHA-256, by GHSA-w48q, #C0C1C2, of C1 control characters": [],
  })
) {
  Deno.test(`"${text}" cites ${ids.join(", ") || "nothing"}`, () => {
    assert.deepEqual(citedIn(text), ids);
  });
}

Deno.test("a citation is told with its line, and with the name of the test if it stands in one", () => {
  const text = '/** Says why (AUTH-01). */\nDeno.test("one thing", "another (AUTH-02)");';
  assert.deepEqual(citationsOf("x_test.ts", text), [
    { id: "AUTH-01", file: "x_test.ts", line: 1, name: "/** Says why (AUTH-01). */" },
    { id: "AUTH-02", file: "x_test.ts", line: 2, name: "another (AUTH-02)" },
  ]);
});

Deno.test("only tests of the core count as tests: not code, nor the tests of the app", () => {
  const [row] = requirements;
  assert.ok(row);
  const cited = (file: string) => untested([row], citationsOf(file, `(${row.id})`)).length === 0;
  assert.ok(cited("tests/auth/x_test.ts"));
  for (const file of ["src/auth/x.ts", "tests/app/x_test.ts", "tests/support.ts"]) {
    assert.ok(!cited(file), file);
  }
});

Deno.test("the table names the tests of each requirement, or with --missing those that have none", () => {
  const rows = requirements.filter(({ id }) => ["AUTH-01", "AUTH-02", "AUTH-14"].includes(id));
  const citations = citationsOf("tests/x_test.ts", "\n`a token (AUTH-01)`");
  const whole = table(rows, citations, new Set());
  assert.match(whole, /^AUTH-01 {3}MUST .+\n +tests\/x_test\.ts:2 {2}a token \(AUTH-01\)\n/);
  assert.match(whole, /AUTH-14.+\n +not applicable: /);
  const missing = table(rows, citations, new Set(), true);
  assert.match(missing, /^AUTH-02 .+\n\n3 requirements: 1 cited by tests, 1 not applicable, 1 without/);
});

Deno.test("the table tells which requirements a mutation has made a test fail of, and their share", () => {
  const rows = requirements.filter(({ id }) => ["AUTH-01", "AUTH-02", "AUTH-14"].includes(id));
  const whole = table(rows, [], new Set(["AUTH-01"]));
  assert.match(whole, /^AUTH-01 .+\n +a mutation has made a test of it fail\nAUTH-02/);
  assert.match(whole, /\nA mutation has made a test fail of 1 of the 2 MUST that apply\.$/);
});

Deno.test({ name: "code and tests cite only requirements that exist", ignore }, async () => {
  const ids = new Set(requirements.map(({ id }) => id));
  const unknown = (await readCitations(root)).filter(({ id }) => !ids.has(id));
  assert.deepEqual(unknown.map(({ id, file, line }) => `${file}:${line} cites ${id}`), []);
});

Deno.test({
  name: "every MUST is cited by a test of the core, or says why it does not apply to us",
  ignore,
}, async () => {
  const missing = untested(requirements, await readCitations(root)).filter(isMust);
  assert.deepEqual(missing.map(({ id, sentence }) => `${id}: ${sentence}`), []);
});

Deno.test("a mutation has made a test fail of every MUST that applies to us", () => {
  const ids = new Set<string>(Object.values(seen).flat());
  const unseen = requirements.filter((row) =>
    isMust(row) && row.notApplicable === undefined && !ids.has(row.id)
  );
  assert.deepEqual(unseen.map(({ id, sentence }) => `${id}: ${sentence}`), []);
});
