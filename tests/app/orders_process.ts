import { freePort } from "../free_port.ts";
import { rpc, type RpcAnswer, TestIssuer } from "./support.ts";

/** Accepted by every process, whatever its port is. */
const AUDIENCE = "https://orders.test/mcp";
const MAIN = new URL("../../main.ts", import.meta.url);

/** People who may see and place orders. */
export interface People extends AsyncDisposable {
  readonly issuer: string;
  token(subject: string): Promise<string>;
}

/** The whole server in a process of its own. */
export interface OrdersProcess extends AsyncDisposable {
  /** Calls a tool for its structured content. @throws Error when there is no answer, or an error in words. */
  call<T>(tool: string, args: Record<string, unknown>, token: string): Promise<T>;
  /** SIGKILL: it has no time for anything. */
  kill(): Promise<void>;
}

/** Starts the authorization server of these people, on loopback. */
export async function startPeople(): Promise<People> {
  const port = freePort();
  const issuer = await TestIssuer.create(`http://127.0.0.1:${port}`);
  issuer.scope = "orders:read";
  const listener = Deno.serve({ port, hostname: "127.0.0.1", onListen: () => {} }, issuer.fetch);
  const iat = Math.floor(Date.now() / 1000);
  const claims = { aud: AUDIENCE, scope: "orders:read orders:write", iat, exp: iat + 600 };
  return {
    issuer: issuer.issuer,
    token: (sub) => issuer.token({ ...claims, sub }),
    [Symbol.asyncDispose]: () => listener.shutdown(),
  };
}

const CAN_ASK = { "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };
const YES = { confirm: { action: "accept", content: {} } };

/** Starts main.ts with a place for its orders, and resolves when it listens. */
export async function startOrders(
  issuer: string,
  place: { readonly DATABASE_URL: string } | { readonly SQLITE_PATH: string },
): Promise<OrdersProcess> {
  const port = freePort();
  const resource = `http://127.0.0.1:${port}/mcp`;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--allow-all", MAIN.href],
    env: {
      PORT: String(port),
      AUTHORIZATION_SERVER_URL: issuer,
      RESOURCE_SERVER_URL: resource,
      JWT_AUDIENCES: AUDIENCE,
      RATE_LIMIT_PER_MINUTE: "100000",
      LOG_FORMAT: "json",
      DEMO_ORDERS: "true",
      ...place,
    },
    stdout: "piped",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
  for (let log = ""; !log.includes("Listening on");) {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The server ended before it listened: ${log}`);
    log += value;
  }
  const drained = (async () => {
    while (!(await lines.next()).done);
  })();
  const kill = async () => {
    child.kill("SIGKILL");
    await child.status;
    await drained;
  };
  let killed: Promise<void> | undefined;
  return {
    async call<T>(tool: string, args: Record<string, unknown>, token: string) {
      const ask = async (answer: Record<string, unknown> = {}) => {
        const params = { name: tool, arguments: args, ...answer };
        const request = rpc("modern", "tools/call", params, { token, meta: CAN_ASK });
        const { result }: RpcAnswer = await (await fetch(new Request(resource, request))).json();
        return result;
      };
      let result = await ask();
      // The person agrees to whatever they are asked.
      if (result?.["resultType"] === "input_required") {
        result = await ask({ requestState: result["requestState"], inputResponses: YES });
      }
      if (!result?.structuredContent) throw new Error(`${tool} failed: ${JSON.stringify(result?.content)}`);
      return result.structuredContent as T;
    },
    kill: () => killed ??= kill(),
    [Symbol.asyncDispose]: () => killed ??= kill(),
  };
}
