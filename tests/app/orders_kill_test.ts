import assert from "node:assert/strict";
import { granted } from "../real/served.ts";
import { type OrdersProcess, type People, startOrders, startPeople } from "./orders_process.ts";

const ignore = !await granted("net", "run", "read", "write", "env", "sys");
const ignorePostgres = ignore || !(await import("./postgres_server.ts")).isRealPostgres();
const PEOPLE = 20;
const WISHES = 1_000;
const ACKNOWLEDGED_BEFORE_KILL = 300;
/** What everyone has from the start. */
const DEMO_ORDERS = 4;

interface Order {
  readonly orderId: string;
}

/** One wish of one person, which may be sent again. */
interface Wish {
  readonly orderId: string;
  readonly idempotencyKey?: string;
  readonly token: string;
}

/** Somewhere for orders that is empty, and is removed in the end. */
async function sqlitePlace(cleanup: AsyncDisposableStack) {
  const folder = await Deno.makeTempDir();
  cleanup.defer(() => Deno.remove(folder, { recursive: true }));
  return { place: { SQLITE_PATH: `${folder}/pizza.db` } };
}

async function postgresPlace(cleanup: AsyncDisposableStack) {
  const { startPostgres } = await import("./postgres_server.ts");
  const server = cleanup.use(await startPostgres());
  return { place: { DATABASE_URL: await server.createDatabase() }, restart: server.restart };
}

async function tokensOf(people: People): Promise<string[]> {
  return await Promise.all(Array.from({ length: PEOPLE }, (_, index) => people.token(`person-${index}`)));
}

/** Everything that a person ordered, page by page. */
async function allOrders(server: OrdersProcess, token: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page: { orders: Order[]; nextCursor?: string } = await server.call(
      "see_past_orders",
      cursor === undefined ? {} : { cursor },
      token,
    );
    ids.push(...page.orders.map(({ orderId }) => orderId));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return ids;
}

async function send(server: OrdersProcess, { token, ...args }: Wish): Promise<string> {
  return (await server.call<{ order: Order }>("reorder_pizza", args, token)).order.orderId;
}

for (
  const { kind, open, ignored } of [
    { kind: "SQLite", open: sqlitePlace, ignored: ignore },
    { kind: "Postgres", open: postgresPlace, ignored: ignorePostgres },
  ]
) {
  Deno.test({
    name: `${kind} has every acknowledged order once after SIGKILL among 1,000 concurrent reorders`,
    ignore: ignored,
    async fn() {
      await using cleanup = new AsyncDisposableStack();
      const { place } = await open(cleanup);
      await using people = await startPeople();
      const tokens = await tokensOf(people);

      await using first = await startOrders(people.issuer, place);
      const old = await Promise.all(tokens.map((token) => allOrders(first, token)));
      const wishes = Array.from({ length: WISHES }, (_, index) => {
        const person = index % PEOPLE;
        return { orderId: old[person]![0]!, idempotencyKey: `wish-${index}`, token: tokens[person]! };
      });
      const acknowledged = new Map<Wish, string>();
      await Promise.allSettled(wishes.map(async (wish) => {
        acknowledged.set(wish, await send(first, wish));
        if (acknowledged.size === ACKNOWLEDGED_BEFORE_KILL) await first.kill();
      }));
      assert.ok(acknowledged.size >= ACKNOWLEDGED_BEFORE_KILL && acknowledged.size < WISHES);

      await using second = await startOrders(people.issuer, place);
      const found = (await Promise.all(tokens.map((token) => allOrders(second, token)))).flat();
      assert.equal(new Set(found).size, found.length, "no order twice");
      for (const orderId of acknowledged.values()) assert.ok(found.includes(orderId), "no order lost");

      const again = await Promise.all(wishes.map(async (wish) => [wish, await send(second, wish)] as const));
      for (const [wish, orderId] of again) assert.equal(orderId, acknowledged.get(wish) ?? orderId);
      const all = (await Promise.all(tokens.map((token) => allOrders(second, token)))).flat();
      assert.equal(all.length, PEOPLE * DEMO_ORDERS + WISHES);
    },
  });
}

Deno.test({
  name:
    "two servers on one Postgres make one order of a wish that both are sent at once, lose none, and outlive a crash of it",
  ignore: ignorePostgres,
  async fn() {
    await using cleanup = new AsyncDisposableStack();
    const { place, restart } = await postgresPlace(cleanup);
    await using people = await startPeople();
    const tokens = await tokensOf(people);
    // Both find an empty database, and both want to prepare it.
    const servers = await Promise.all([1, 2].map(() => startOrders(people.issuer, place)));
    for (const server of servers) cleanup.use(server);
    const seen = await Promise.all(
      tokens.flatMap((token) => servers.map((server) => allOrders(server, token))),
    );
    const wishes = tokens.flatMap((token, person): Wish[] => {
      const [one, two] = seen[2 * person]!;
      const keyed = ["a", "b", "c"].map((key) => ({ orderId: one!, idempotencyKey: key, token }));
      return [...keyed, { orderId: two!, token }];
    });
    await Promise.all(wishes.map(async (wish) => {
      const made = await Promise.all([...servers, ...servers].map((server) => send(server, wish)));
      assert.equal(new Set(made).size, 1, "one order of one wish");
    }));
    for (const token of tokens) {
      for (const server of servers) assert.equal((await allOrders(server, token)).length, DEMO_ORDERS + 4);
    }

    await restart?.();
    for (const server of servers) assert.equal((await allOrders(server, tokens[0]!)).length, DEMO_ORDERS + 4);
  },
});
