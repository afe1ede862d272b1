import { DatabaseSync } from "node:sqlite";
import { createSqliteOrders } from "../../src/app/orders_sqlite.ts";
import { orderStoreContract } from "./order_store_contract.ts";
import { neverMixes } from "./order_store_property.ts";

function open() {
  const database = new DatabaseSync(":memory:");
  const store = createSqliteOrders(database);
  return Promise.resolve({
    store,
    [Symbol.asyncDispose]: () => {
      database.close();
      return Promise.resolve();
    },
  });
}

orderStoreContract("SQLite", open);
neverMixes("SQLite", open);
