import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { createApp } from "./create_app.ts";
import { ask, createTestServer, openTestOrders, toolCall } from "./support.ts";

/** A database that counts the statements that it runs. */
class CountingDatabase extends DatabaseSync {
  count = 0;

  override prepare(sql: string) {
    const statement = super.prepare(sql);
    const all = statement.all.bind(statement);
    statement.all = ((...values: Parameters<typeof all>) => {
      this.count++;
      return all(...values);
    }) as typeof statement.all;
    return statement;
  }
}

Deno.test("a signed-in call asks the database once, for the person and their orders together (issue 11)", async () => {
  using database = new CountingDatabase(":memory:");
  const { orders } = await openTestOrders({ sqlite: database });
  const { server, issuer } = await createTestServer({ app: createApp({ orders }) });
  const token = await issuer.token();
  const call = (tool: string) => ask(server, toolCall("legacy", tool, {}, { token }));
  await call("see_past_orders");
  for (const tool of ["see_past_orders", "search_pizza_sf"]) {
    database.count = 0;
    assert.equal((await call(tool)).body.result?.isError, undefined);
    assert.equal(database.count, 1, tool);
  }
});
