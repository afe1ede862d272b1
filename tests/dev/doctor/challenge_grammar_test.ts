import assert from "node:assert/strict";
import {
  bearerChallenge,
  ChallengeSyntaxError,
  parseChallenges,
  unfitForBearer,
} from "../../../src/dev/doctor/challenge_grammar.ts";

/** Headers that RFC 9110 section 11.6.1 allows, with what they hold. */
const GOOD: Readonly<Record<string, readonly [scheme: string, params: Record<string, string>][]>> = {
  "": [],
  'Bearer resource_metadata="https://x.example/m"': [["Bearer", {
    resource_metadata: "https://x.example/m",
  }]],
  "Bearer": [["Bearer", {}]],
  'bearer REALM="a, b", error=invalid_token': [["bearer", { realm: "a, b", error: "invalid_token" }]],
  'Bearer realm = "x" ,\tscope="a b"': [["Bearer", { realm: "x", scope: "a b" }]],
  'Basic realm="a \\"quoted\\" word", Bearer scope="x"': [
    ["Basic", { realm: 'a "quoted" word' }],
    ["Bearer", { scope: "x" }],
  ],
  "Negotiate YWJj==, Bearer": [["Negotiate", {}], ["Bearer", {}]],
  ', ,DPoP algs="ES256",,Bearer,': [["DPoP", { algs: "ES256" }], ["Bearer", {}]],
};

for (const [header, challenges] of Object.entries(GOOD)) {
  Deno.test(`the strict reader of challenges takes: ${header || "nothing"} (AUTH-15)`, () => {
    assert.deepEqual(parseChallenges(header).map(({ scheme, params }) => [scheme, params]), challenges);
  });
}

for (
  const [header, fault] of [
    ['Bearer error="x"error_description="y"', /a comma was expected/],
    ['Bearer error="x" scope="y"', /a comma was expected/],
    ['Bearer scope="a", scope="b"', /scope stands twice/],
    ['Bearer scope="a", SCOPE="b"', /scope stands twice/],
    ['Bearer error="no end', /a scheme|a comma/],
    ["Bearer error=two words", /a comma was expected/],
    ['"Bearer" realm="x"', /a scheme was expected/],
    ['Bearer scope="caf\u0007"', /printable text was expected/],
  ] as const
) {
  Deno.test(`the strict reader of challenges refuses: ${JSON.stringify(header)} (AUTH-15)`, () => {
    assert.throws(() => parseChallenges(header), (error) => {
      assert.ok(error instanceof ChallengeSyntaxError, String(error));
      assert.match(error.message, fault);
      return true;
    });
  });
}

Deno.test("values of a bearer challenge keep to the characters of RFC 6750 (AUTH-15)", () => {
  const unfit = (header: string) => unfitForBearer(bearerChallenge(header)!);
  assert.equal(unfit('Bearer error_description="All well."'), undefined);
  assert.match(unfit('Bearer scope=""') ?? "", /scope is empty/);
  assert.match(unfit('Bearer error_description="a \\"word\\""') ?? "", /other than printable ASCII/);
});

Deno.test("a hostile challenge of 100 kB is read at once (AUTH-15)", () => {
  for (
    const header of [
      "Bearer ".repeat(15_000),
      `Bearer a="${"\\".repeat(100_000)}`,
      `Bearer ${"=".repeat(100_000)}`,
    ]
  ) {
    const started = performance.now();
    try {
      parseChallenges(header);
    } catch (error) {
      assert.ok(error instanceof ChallengeSyntaxError, String(error));
    }
    assert.ok(performance.now() - started < 1_000);
  }
});
