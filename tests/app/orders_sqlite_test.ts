import { openTestOrders } from "./support.ts";
import { orderStoreContract } from "./order_store_contract.ts";
import { neverMixes } from "./order_store_property.ts";

async function open() {
  const opened = await openTestOrders({ demoOrders: false });
  return { store: opened.orders, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

orderStoreContract("SQLite", open);
neverMixes("SQLite", open);
