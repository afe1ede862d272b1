import { granted } from "../real/served.ts";
import { openTestOrders } from "./support.ts";
import { orderStoreContract } from "./order_store_contract.ts";
import { neverMixes } from "./order_store_property.ts";
import type { TestPostgres } from "./postgres_server.ts";

const ignore = !await granted("net", "run", "read", "write", "env", "sys");
let server: TestPostgres;

if (!ignore) {
  Deno.test.beforeAll(async () => {
    const { startPostgres } = await import("./postgres_server.ts");
    server = await startPostgres();
  });
  Deno.test.afterAll(async () => await server[Symbol.asyncDispose]());
}

async function open() {
  const opened = await openTestOrders({ databaseUrl: await server.createDatabase(), demoOrders: false });
  return { store: opened.orders, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

orderStoreContract("Postgres", open, { ignore });
neverMixes("Postgres", open, { ignore });
