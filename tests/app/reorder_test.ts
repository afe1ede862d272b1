import fc from "fast-check";
import assert from "node:assert/strict";
import { createApp } from "./create_app.ts";
import { followChallenge, parseChallenge } from "../challenge_parser.ts";
import { ask, createTestServer, type Era, ERAS, NOW, openTestOrders, rpc, toolCall } from "./support.ts";

interface Order {
  readonly orderId: string;
  readonly status: string;
  readonly placedAt: string;
  readonly [member: string]: unknown;
}

/** A server whose clock rules what is placed too, and people who may do everything. */
async function kitchen() {
  const clock = { now: NOW };
  const now = () => clock.now;
  const randomUUID = () => crypto.randomUUID();
  const { orders } = await openTestOrders({ now, randomUUID });
  const app = createApp({ orders, now, randomUUID });
  const { server, issuer } = await createTestServer({ app });
  const call = async (tool: string, args: Record<string, unknown>, sub = "ada", era: Era = "legacy") => {
    const token = await issuer.token({ sub, scope: "orders:read orders:write" });
    return (await ask(server, toolCall(era, tool, args, { token }))).body.result ?? {};
  };
  const see = async (sub?: string) => {
    const { structuredContent } = await call("see_past_orders", { limit: 20 }, sub);
    return structuredContent?.["orders"] as readonly Order[];
  };
  const reorder = async (args: Record<string, unknown>, sub?: string, era?: Era) => {
    const { structuredContent, isError, content } = await call("reorder_pizza", args, sub, era);
    return { order: structuredContent?.["order"] as Order, isError, text: content?.[0]?.text ?? "" };
  };
  /** Without a key, in a host that asks the person, who agrees; also gives back what they were asked. */
  const askAbout = async (args: Record<string, unknown>, answer?: Record<string, unknown>) => {
    const token = await issuer.token({ scope: "orders:read orders:write" });
    const params = { name: "reorder_pizza", arguments: args, ...answer };
    const meta = { "io.modelcontextprotocol/clientCapabilities": { elicitation: {} } };
    return (await ask(server, rpc("modern", "tools/call", params, { token, meta }))).body.result ?? {};
  };
  const confirmed = async (args: Record<string, unknown>) => {
    const { requestState } = await askAbout(args);
    const inputResponses = { confirm: { action: "accept", content: {} } };
    return (await askAbout(args, { requestState, inputResponses })).structuredContent?.["order"] as Order;
  };
  return { server, issuer, clock, see, reorder, askAbout, confirmed };
}

Deno.test("an order placed again is new, is being prepared, and is the newest from then on", async () => {
  for (const era of ERAS) {
    const { see, reorder } = await kitchen();
    const [, old, ...others] = await see();
    const { order, text } = await reorder({ orderId: old!.orderId, idempotencyKey: "k" }, "ada", era);
    const placedAt = new Date(NOW).toISOString();
    assert.deepEqual(order, { ...old, orderId: order.orderId, status: "preparing", placedAt });
    assert.match(text, new RegExp(`^Ordered again\\. .*${old!["restaurantName"]}`));
    const after = await see();
    assert.deepEqual(after[0], order);
    assert.deepEqual(after.slice(2), [old, ...others]);
  }
});

Deno.test("the same key makes one order, whenever it comes", async () => {
  const { clock, see, reorder } = await kitchen();
  const orderId = (await see())[0]!.orderId;
  const first = await reorder({ orderId, idempotencyKey: "k" });
  clock.now += 3_600_000;
  assert.deepEqual(await reorder({ orderId, idempotencyKey: "k" }), first);
  assert.notEqual((await reorder({ orderId, idempotencyKey: "l" })).order.orderId, first.order.orderId);
  assert.equal((await see()).length, 6);
});

/** Names and keys that careless code would take for one another, or for nothing. */
const PEOPLE = ["ada", "Ada", "ada ", "bob"];
const KEYS = ["k", "K", "kk", "ada", "__proto__", "'--", "%6b"];
const REQUESTS = fc.array(
  fc.record({
    person: fc.constantFrom(...PEOPLE),
    owner: fc.constantFrom(...PEOPLE),
    old: fc.nat(1),
    key: fc.constantFrom(...KEYS),
    atOnce: fc.integer({ min: 1, max: 3 }),
  }),
  { maxLength: 15 },
);

Deno.test("whatever keys, people and repeats follow one another, each person has one order a key, repeats answer the same, and nobody sees another's (issue 13 part 3, AUTH-25)", async () => {
  const property = fc.asyncProperty(REQUESTS, async (requests) => {
    const { see, reorder } = await kitchen();
    const olds = new Map<string, readonly Order[]>();
    for (const person of PEOPLE) olds.set(person, await see(person));
    const placed = new Map<string, Map<string, { readonly of: string; readonly order: Order }>>();
    for (const { person, owner, old, key, atOnce } of requests) {
      const orderId = olds.get(owner)![old]!.orderId;
      const own = placed.get(person) ?? new Map();
      placed.set(person, own);
      const request = () => reorder({ orderId, idempotencyKey: key }, person);
      const [answer, ...repeats] = await Promise.all(Array.from({ length: atOnce }, request));
      for (const repeat of repeats) assert.deepEqual(repeat, answer);
      const { isError, text, order } = answer!;
      const earlier = own.get(key);
      if (earlier && earlier.of === orderId) {
        assert.deepEqual(order, earlier.order);
      } else if (earlier) {
        assert.ok(isError && /new key/.test(text), text);
      } else if (person !== owner) {
        assert.ok(isError && /not found/.test(text), text);
      } else {
        assert.ok(!isError, text);
        own.set(key, { of: orderId, order });
      }
    }
    const everybodys = new Set<string>();
    for (const person of PEOPLE) {
      const made = [...placed.get(person)?.values() ?? []].map(({ order }) => order.orderId);
      const expected = [...olds.get(person)!.map(({ orderId }) => orderId), ...made];
      const seen = (await see(person)).map(({ orderId }) => orderId);
      assert.deepEqual(seen.toSorted(), expected.toSorted());
      for (const orderId of seen) {
        assert.ok(!everybodys.has(orderId), "an order of two people");
        everybodys.add(orderId);
      }
    }
  });
  await fc.assert(property, { numRuns: 25 });
});

Deno.test("two clicks within ten seconds make one order, a third one later another", async () => {
  const { clock, see, confirmed } = await kitchen();
  const orderId = (await see())[0]!.orderId;
  const click = () => confirmed({ orderId });
  const first = await click();
  clock.now += 9_999;
  assert.deepEqual(await click(), first);
  clock.now += 1;
  assert.notEqual((await click()).orderId, first.orderId);
});

for (const era of ERAS) {
  Deno.test(`${era}: without a key nothing is ordered before the person has agreed, and the model is told to ask (issue 10 part 1)`, async () => {
    const { see, reorder } = await kitchen();
    const [old] = await see();
    const { isError, text } = await reorder({ orderId: old!.orderId }, "ada", era);
    assert.equal(isError, true);
    assert.match(
      text,
      /^Nothing was done\. Ask the person first: "Order .+ again, for \$.+\?" .*idempotencyKey/,
    );
    assert.ok(text.includes(String(old!["restaurantName"])));
    assert.equal((await see()).length, 4);
  });
}

Deno.test("a host that can ask shows the order and its price, and a no orders nothing (issue 10 part 1)", async () => {
  const { see, askAbout, confirmed } = await kitchen();
  const [old] = await see();
  const args = { orderId: old!.orderId };
  const { inputRequests, requestState } = await askAbout(args);
  assert.match(JSON.stringify(inputRequests), new RegExp(`${old!["restaurantName"]}.* again, for \\$`));
  const no = await askAbout(args, { requestState, inputResponses: { confirm: { action: "decline" } } });
  assert.equal(no.isError, true);
  assert.equal((await see()).length, 4);
  const order = await confirmed(args);
  assert.equal((await see())[0]?.orderId, order.orderId);
});

Deno.test("somebody else's order, and one that never was, are not found alike (AUTH-25)", async () => {
  const { see, reorder } = await kitchen();
  const orderId = (await see("ada"))[0]!.orderId;
  await see("bob");
  const [hers, nobodys] = [await reorder({ orderId }, "bob"), await reorder({ orderId: "none" }, "bob")];
  assert.equal(hers.isError, true);
  assert.match(hers.text, /not found.*see_past_orders/);
  assert.deepEqual(hers, nobodys);
  assert.equal((await see("bob")).length, 4);
});

Deno.test("a key that was used for another order is an error that says to send a new one (TOOL-09)", async () => {
  const { see, reorder } = await kitchen();
  const [one, two] = await see();
  await reorder({ orderId: one!.orderId, idempotencyKey: "k" });
  const { isError, text } = await reorder({ orderId: two!.orderId, idempotencyKey: "k" });
  assert.equal(isError, true);
  assert.match(text, /idempotencyKey.*new key/);
});

for (
  const args of [{}, { orderId: "" }, { orderId: 7 }, { orderId: "a\u0000" }, { orderId: "x".repeat(129) }]
) {
  Deno.test(`reorder_pizza with ${JSON.stringify(args).slice(0, 30)} is an error that names orderId (TOOL-10)`, async () => {
    const { isError, text } = await (await kitchen()).reorder(args);
    assert.equal(isError, true);
    assert.match(text, /orderId/);
  });
}

Deno.test("a token that may only read is asked for one more permission, in header and hint (AUTH-13)", async () => {
  const { server, issuer } = await createTestServer();
  const token = await issuer.token({ scope: "orders:read" });
  for (const era of ERAS) {
    const request = toolCall(era, "reorder_pizza", { orderId: "1" }, { token });
    const { status, headers, body } = await ask(server, request);
    assert.equal(status, 403);
    const challenge = await followChallenge(server, headers.get("www-authenticate"));
    assert.equal(challenge["error"], "insufficient_scope");
    assert.ok(challenge["scope"]?.split(" ").includes("orders:write"), challenge["scope"]);
    const [hint] = body.result?._meta?.["mcp/www_authenticate"] as string[];
    assert.deepEqual(parseChallenge(hint!), challenge);
  }
});

Deno.test("reorder_pizza says that it buys something, not twice the same, and that widgets may call it (issue 8 part 3, TOOL-11, UI-06, OAI-10)", async () => {
  const { server } = await createTestServer();
  const { body } = await ask(server, rpc("modern", "tools/list"));
  const tools = body.result?.["tools"] as readonly Record<string, Record<string, unknown>>[];
  const { annotations, _meta } = tools.find((tool) => String(tool["name"]) === "reorder_pizza")!;
  assert.deepEqual(annotations, {
    title: "Order again",
    readOnlyHint: false,
    destructiveHint: true,
    idempotentHint: false,
    openWorldHint: true,
  });
  assert.deepEqual(_meta?.["ui"], { visibility: ["model", "app"] });
  assert.equal(_meta?.["openai/widgetAccessible"], true);
  assert.equal("openai/outputTemplate" in _meta!, false);
});
