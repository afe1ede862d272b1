import assert from "node:assert/strict";
import { granted } from "./real/served.ts";
import { soak } from "./soak.ts";

const ignore = !await granted("net", "run", "read", "write", "env");

Deno.test({
  name:
    "3,000 mixed requests, one in eleven given up, are all answered as they should be, and nothing is logged but at info",
  ignore,
  async fn() {
    const { sent, abandoned, violations } = await soak({ requests: 3_000, seconds: 60 });
    assert.deepEqual(violations, []);
    assert.equal(sent, 3_000);
    assert.equal(abandoned, Math.floor(3_000 / 11));
  },
});

for (
  const { kind, of, instead, violation } of [
    {
      kind: "to another request",
      of: /"id":"(\d+)"/,
      instead: '"id":"1$1"',
      violation: /search for rules was answered with nothing of "id":"\d+"/,
    },
    {
      kind: "with somebody else's notes",
      of: /(?<=The notes:.*)(person-\d+)/,
      instead: "person-99",
      violation: /own notes was answered with somebody else's notes/,
    },
    {
      kind: "to another search",
      of: /House rules/,
      instead: "Opening hours",
      violation: /search for rules was answered with nothing of "1 notes .* House rules"/,
    },
  ]
) {
  Deno.test({
    name: `a soak notices an answer ${kind} (issue 13 part 4)`,
    ignore,
    async fn() {
      const { wrong, violations } = await soak({
        requests: 150,
        seconds: 60,
        async fetch(input, init) {
          const { status, body } = await fetch(input, init);
          const text = body === null ? "" : await new Response(body).text();
          return new Response(text.replace(of, instead), { status });
        },
      });
      assert.match(violations.join("\n"), violation);
      assert.ok(wrong >= violations.length);
    },
  });
}

Deno.test({
  name: "a soak that is out of time says how many it has sent, and that it is not enough (issue 13 part 4)",
  ignore,
  async fn() {
    const { sent, violations } = await soak({ requests: 10, seconds: 0 });
    assert.equal(sent, 0);
    assert.deepEqual(violations, ["only 0 of 10 requests were sent in 0 s"]);
  },
});
