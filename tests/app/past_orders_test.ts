import { DatabaseSync } from "node:sqlite";
import assert from "node:assert/strict";
import { createApp } from "./create_app.ts";
import type { StoredOrder } from "../../src/app/orders.ts";
import {
  ask,
  createTestServer,
  ERAS,
  NOW,
  openTestOrders,
  TestIssuer,
  type TestServer,
  toolCall,
} from "./support.ts";

interface Order {
  readonly orderId: string;
  readonly restaurantName: string;
  readonly items: readonly string[];
  readonly status: string;
  readonly total: string;
  readonly placedAt: string;
}

async function orders(server: TestServer, token: string, args: Record<string, unknown> = {}) {
  const { body } = await ask(server, toolCall("legacy", "see_past_orders", args, { token }));
  return body.result?.structuredContent?.["orders"] as readonly Order[];
}

const ids = (list: readonly Order[]) => list.map(({ orderId }) => orderId);

Deno.test("a person who comes for the first time has four demo orders, the newest first, in words too (UI-07)", async () => {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token();
  const found = await orders(server, token);
  assert.equal(found.length, 4);
  const placed = found.map(({ placedAt }) => placedAt);
  assert.deepEqual(placed, placed.toSorted().toReversed());
  const { body } = await ask(server, toolCall("modern", "see_past_orders", {}, { token }));
  const words = body.result?.content?.[0]?.text ?? "";
  for (const { restaurantName, total, placedAt, status, items } of found) {
    assert.match(total, /^\$\d+\.\d\d$/);
    assert.equal(new Date(placedAt).toISOString(), placedAt);
    assert.ok(["delivered", "refunded", "preparing"].includes(status));
    for (const part of [restaurantName, total, ...items]) assert.ok(words.includes(part), part);
  }
});

Deno.test("orders stay the same from call to call and from era to era", async () => {
  const { server, issuer, clock } = await createTestServer();
  const token = await issuer.token();
  const first = await orders(server, token);
  clock.now += 60_000;
  for (const era of ERAS) {
    const { body } = await ask(server, toolCall(era, "see_past_orders", {}, { token }));
    assert.deepEqual(body.result?.structuredContent?.["orders"], first);
  }
});

Deno.test("each person sees their own orders and nobody else's (AUTH-25)", async () => {
  const { server, issuer } = await createTestServer();
  const ada = await orders(server, await issuer.token({ sub: "ada" }));
  const grace = await orders(server, await issuer.token({ sub: "grace" }));
  assert.deepEqual(ids(ada).filter((id) => ids(grace).includes(id)), []);
  assert.deepEqual(ids(await orders(server, await issuer.token({ sub: "ada" }))), ids(ada));
});

Deno.test("the same subject at two issuers is two people (AUTH-25)", async () => {
  const issuers = [await TestIssuer.create("https://one.test"), await TestIssuer.create("https://two.test")];
  const now = () => NOW;
  const fetch = async (url: string) => await issuers.find(({ issuer }) => url.startsWith(issuer))!.fetch(url);
  const { server } = await createTestServer({
    issuers: issuers.map(({ issuer }) => issuer),
    fetch: fetch as typeof globalThis.fetch,
    now,
  });
  const [one = [], two = []] = await Promise.all(
    issuers.map(async (issuer) => ids(await orders(server, await issuer.token({ scope: "orders:read" })))),
  );
  assert.ok(one.length > 0 && two.length > 0);
  assert.deepEqual(one.filter((id) => two.includes(id)), []);
});

Deno.test("people who come at the same time are welcomed once each", async () => {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token();
  const lists = await Promise.all(Array.from({ length: 8 }, () => orders(server, token)));
  assert.deepEqual(new Set(lists.map((list) => ids(list).join())).size, 1);
  assert.equal(lists[0]?.length, 4);
});

Deno.test("limit keeps the newest ones", async () => {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token();
  const all = await orders(server, token);
  for (const limit of [1, 2, 20]) {
    assert.deepEqual(await orders(server, token, { limit }), all.slice(0, limit));
  }
});

for (const limit of [0, -1, 21, 1.5, "2", null, 1e9]) {
  Deno.test(`limit ${JSON.stringify(limit)} is a tool error that says what to change (TOOL-09)`, async () => {
    const { server, issuer } = await createTestServer();
    const token = await issuer.token();
    for (const era of ERAS) {
      const { status, body } = await ask(server, toolCall(era, "see_past_orders", { limit }, { token }));
      assert.equal(status, 200);
      assert.equal(body.result?.isError, true);
      assert.match(body.result?.content?.[0]?.text ?? "", /limit/);
    }
  });
}

Deno.test("without demo orders a new person has none, and is told so in words", async () => {
  const { orders } = await openTestOrders({ demoOrders: false });
  const { server, issuer } = await createTestServer({ app: createApp({ orders }) });
  const { body } = await ask(
    server,
    toolCall("legacy", "see_past_orders", {}, { token: await issuer.token() }),
  );
  assert.deepEqual(body.result?.structuredContent, { orders: [] });
  assert.match(body.result?.content?.[0]?.text ?? "", /no orders yet/);
});

Deno.test("opening a database a second time leaves its orders alone", async () => {
  const database = new DatabaseSync(":memory:");
  const owner = { issuer: "https://issuer.test", subject: "ada" };
  const order: StoredOrder = {
    orderId: "1",
    restaurantName: "Here",
    items: ["Pie"],
    status: "delivered",
    totalCents: 100,
    placedAt: NOW,
    location: "There",
  };
  const open = async () => (await openTestOrders({ sqlite: database, demoOrders: false })).orders;
  await (await open()).welcome(owner, () => [order]);
  const [found] = await (await open()).recent(owner, 20);
  assert.equal(found?.orderId, "1");
});
