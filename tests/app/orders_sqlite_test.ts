import { DatabaseSync } from "node:sqlite";
import { createSqliteOrders } from "../../src/app/orders_sqlite.ts";
import { orderStoreContract } from "./order_store_contract.ts";

orderStoreContract("SQLite", () => {
  const database = new DatabaseSync(":memory:");
  const store = createSqliteOrders(database);
  return Promise.resolve({
    store,
    [Symbol.asyncDispose]: () => {
      database.close();
      return Promise.resolve();
    },
  });
});
