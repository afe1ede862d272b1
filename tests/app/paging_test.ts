import fc from "fast-check";
import assert from "node:assert/strict";
import { createApp } from "./create_app.ts";
import { createDemoOrders } from "../../src/app/orders_demo.ts";
import { ask, createTestServer, ERAS, NOW, toolCall } from "./support.ts";

async function pages(setUp: Parameters<typeof createTestServer>[0] = {}) {
  const { server, issuer } = await createTestServer(setUp);
  return async (args: Record<string, unknown>, sub = "ada", era = ERAS[0]!) => {
    const { body } = await ask(
      server,
      toolCall(era, "see_past_orders", args, { token: await issuer.token({ sub }) }),
    );
    const { structuredContent = {}, content = [], isError, _meta } = body.result ?? {};
    const orders = structuredContent["orders"] as readonly { readonly orderId: string }[];
    const nextCursor = structuredContent["nextCursor"] as string | undefined;
    return {
      ids: orders?.map(({ orderId }) => orderId),
      nextCursor,
      isError,
      _meta,
      text: content[0]?.text ?? "",
    };
  };
}

Deno.test("cursors lead through all orders, each once, and end", async () => {
  const see = await pages();
  const all = await see({});
  assert.equal(all.nextCursor, undefined);
  for (const era of ERAS) {
    const first = await see({ limit: 3 }, "ada", era);
    assert.match(first.text, new RegExp(first.nextCursor!));
    const second = await see({ limit: 3, cursor: first.nextCursor }, "ada", era);
    assert.equal(second.nextCursor, undefined);
    assert.match(second.text, /older orders/);
    assert.deepEqual([...first.ids, ...second.ids], all.ids);
  }
});

Deno.test("a page that ends with the last order has no cursor", async () => {
  const see = await pages();
  assert.equal((await see({ limit: 4 })).nextCursor, undefined);
});

Deno.test("somebody else's cursor leads nowhere, as a made-up one does (AUTH-25)", async () => {
  const see = await pages();
  const { nextCursor } = await see({ limit: 1 });
  await see({}, "bob");
  const [hers, madeUp] = [await see({ cursor: nextCursor }, "bob"), await see({ cursor: "x" }, "bob")];
  assert.equal(hers.isError, true);
  assert.match(hers.text, /cursor is unknown/);
  assert.deepEqual(hers, madeUp);
});

Deno.test("whatever is made of a cursor, it leads to the caller's own orders or is an error in words (AUTH-25)", async () => {
  const see = await pages();
  const own = (await see({})).ids;
  const foreign = (await see({}, "bob")).ids;
  const changed = fc.tuple(
    fc.constantFrom(...own, ...foreign),
    fc.nat(40),
    fc.nat(3),
    fc.string({ maxLength: 3 }),
  )
    .map(([id, at, length, text]) => id.slice(0, at) + text + id.slice(at + length));
  const cursors = fc.oneof(
    fc.constantFrom(...foreign),
    changed,
    fc.string({ unit: "binary", maxLength: 200 }),
  );
  await fc.assert(
    fc.asyncProperty(cursors, async (cursor) => {
      const { ids = [], isError, text } = await see({ cursor });
      if (own.includes(cursor)) return assert.ok(ids.every((id) => own.includes(id)));
      assert.equal(isError, true, text);
      assert.match(text, /cursor/);
      assert.deepEqual(ids, []);
    }),
    { numRuns: 100 },
  );
});

for (const cursor of ["", 7, null, "a b", "\u0000", "x".repeat(129)]) {
  Deno.test(`the cursor ${JSON.stringify(cursor).slice(0, 12)} is an error in words (TOOL-09)`, async () => {
    const { isError, text } = await (await pages())({ cursor });
    assert.equal(isError, true);
    assert.match(text, /cursor/);
  });
}

Deno.test("the widget is told to offer reordering exactly where orders can be placed (conflict C7)", async () => {
  const demo = createDemoOrders("Nothing can be ordered here.", () => NOW);
  const writable = await pages();
  const readOnly = await pages({ app: createApp({ orders: demo }) });
  for (const era of ERAS) {
    assert.equal((await writable({}, "ada", era))._meta?.["pizza/reorder"], true);
    assert.equal((await readOnly({}, "ada", era))._meta?.["pizza/reorder"], undefined);
  }
  const { ids, nextCursor } = await readOnly({ limit: 3 });
  assert.deepEqual([...ids, ...(await readOnly({ cursor: nextCursor })).ids], (await readOnly({})).ids);
});
