import assert from "node:assert/strict";
import { granted } from "./real/served.ts";
import { soak } from "./soak.ts";

Deno.test({
  name:
    "3,000 mixed requests, one in eleven given up, are all answered as they should be, and nothing is logged but at info",
  ignore: !await granted("net", "run", "read", "write", "env"),
  async fn() {
    const { sent, abandoned, violations } = await soak({ requests: 3_000, seconds: 60 });
    assert.deepEqual(violations, []);
    assert.equal(sent, 3_000);
    assert.equal(abandoned, Math.floor(3_000 / 11));
  },
});
