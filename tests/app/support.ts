import sample from "../../src/app/mod.ts";
import { type OpenOrders, openOrders, type OrdersOptions } from "../../src/app/open_orders.ts";
import { createTestServer as createServer, NOW, type TestServerOptions } from "../support.ts";

export {
  ask,
  type Era,
  ERAS,
  ISSUER,
  NOW,
  RESOURCE,
  rpc,
  type RpcAnswer,
  type RpcOptions,
  TestIssuer,
  type TestServer,
  toolCall,
} from "../support.ts";

/** Orders in memory, and demo orders for everyone who is new, unless said otherwise. */
export function openTestOrders(options: Partial<OrdersOptions> = {}): Promise<OpenOrders> {
  return openOrders({
    sqlite: ":memory:",
    demoOrders: true,
    now: () => NOW,
    randomUUID: () => crypto.randomUUID(),
    onFailure: (cause) => {
      throw new Error(`The storage failed: ${cause}`);
    },
    ...options,
  });
}

/** The server with the sample app, and demo orders for everyone who is new. */
export async function createTestServer(options: TestServerOptions = {}) {
  const made = await createServer({ app: sample, env: { DEMO_ORDERS: "true" }, ...options });
  made.issuer.scope = "orders:read";
  return made;
}
