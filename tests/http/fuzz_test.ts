import assert from "node:assert/strict";
import { libraryApp } from "../library_app.ts";
import { growth } from "../real/process.ts";
import { granted } from "../real/served.ts";
import { createTestServer, RESOURCE } from "../support.ts";
import { fuzz, fuzzProcess } from "./fuzz.ts";

Deno.test("3,000 broken requests of both eras are the sender's fault, tell nothing of ours, and get no large answer", async () => {
  const { server, issuer } = await createTestServer({ app: libraryApp(), rateLimitPerMinute: 1e9 });
  const post = (init: RequestInit) => server.request(RESOURCE, init);
  await fuzz({ post, token: await issuer.token(), count: 3_000, seed: 20261124 });
});

Deno.test({
  name:
    "1,000 broken requests to a server process are all answered, log no error, and leave no file descriptor open (issue 13 part 3)",
  ignore: !await granted("net", "run", "read", "write", "env") || Deno.build.os !== "linux",
  async fn() {
    const { requests, violations } = await fuzzProcess(1_000, 20261124);
    assert.deepEqual(violations, []);
    assert.equal(requests, 1_000);
  },
});

Deno.test("a process that keeps memory or file descriptors has grown, and one that warms up has not (issue 13 part 4)", () => {
  const early = { megabytes: 200, peakMegabytes: 300, descriptors: 20 };
  assert.deepEqual(growth(early, { ...early, megabytes: 260, descriptors: 52 }, 20_000), []);
  assert.deepEqual(growth(early, { ...early, megabytes: 261, descriptors: 53 }, 20_000), [
    "memory grew from 200 to 261 MB",
    "file descriptors grew from 20 to 53",
  ]);
});
