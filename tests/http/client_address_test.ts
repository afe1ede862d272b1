import assert from "node:assert/strict";
import { createTestServer, toolCall } from "../support.ts";

const PROXY = "10.0.0.1";

/** A server with a budget of ten calls an address, and what it answers to one from behind `PROXY`. */
async function start(trustedProxies: number) {
  const { server } = await createTestServer({ rateLimitPerMinute: 1, trustedProxies });
  return async (headers: Record<string, string>) => {
    const request = toolCall("legacy", "search_notes", {}, { headers });
    return (await server.fetch(request, { remoteAddr: { hostname: PROXY } })).status;
  };
}

/** Whether a call with the second header is counted with ten calls of the first. */
async function shared(trustedProxies: number, one: string, other: string): Promise<boolean> {
  const call = await start(trustedProxies);
  for (let count = 0; count < 10; count++) assert.equal(await call({ "x-forwarded-for": one }), 200);
  return await call({ "x-forwarded-for": other }) === 429;
}

const CASES:
  readonly (readonly [proxies: number, one: string, other: string, shared: boolean, what: string])[] = [
    [0, "192.0.2.1", "192.0.2.2", true, "without proxies nothing in the header counts"],
    [1, "192.0.2.1", "192.0.2.2", false, "behind a proxy everyone has an address of their own"],
    [
      1,
      "192.0.2.9, 192.0.2.1",
      "192.0.2.8, 192.0.2.1",
      true,
      "what a caller writes left of the proxy's entry is not believed",
    ],
    [
      2,
      "192.0.2.1, 10.0.0.2",
      "192.0.2.2, 10.0.0.2",
      false,
      "behind two proxies the second entry from the right counts",
    ],
    [
      2,
      "192.0.2.9, 192.0.2.1, 10.0.0.2",
      "192.0.2.8, 192.0.2.1, 10.0.0.3",
      true,
      "behind two proxies the third is not believed",
    ],
    [1, "192.0.2.1:4711", "192.0.2.1:4712", true, "a port makes no other caller"],
    [1, "[2001:db8::1]:80", "2001:DB8::1", true, "brackets and capitals make no other caller"],
    [1, "2001:db8:1:2::1", "2001:db8:1:2::2", true, "an IPv6 network is one caller"],
    [1, "unknown", "_hidden", true, "words are no addresses"],
    [1, "1:2:3:4:5:6:7:8:9", "999.1.1.1", true, "numbers alone make no address"],
    [1, "", "192.0.2.1,", true, "an empty entry is no address"],
    [3, "192.0.2.1", "192.0.2.2, 192.0.2.3", true, "with fewer entries than proxies none is believed"],
    [
      1,
      `${"192.0.2.9, ".repeat(2_000)}192.0.2.1`,
      "192.0.2.1",
      true,
      "a long list costs nothing and changes nothing",
    ],
  ];

for (const [proxies, one, other, expected, what] of CASES) {
  Deno.test(`TRUSTED_PROXIES=${proxies}: ${what} (A9)`, async () => {
    assert.equal(await shared(proxies, one, other), expected);
  });
}

Deno.test("no other header tells the address (A9)", async () => {
  const call = await start(1);
  const names = ["forwarded", "x-real-ip", "cf-connecting-ip", "true-client-ip", "x-client-ip"];
  const statuses: number[] = [];
  for (let count = 0; count <= 10; count++) {
    const address = `192.0.2.${count}`;
    statuses.push(
      await call(
        Object.fromEntries(names.map((name) => [name, name === "forwarded" ? `for=${address}` : address])),
      ),
    );
  }
  assert.deepEqual(statuses, [...Array(10).fill(200), 429]);
});
