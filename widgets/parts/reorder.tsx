import { AskButton, type ToolCalls } from "mcp-app/ui";
import { useOrderWords } from "./order_words.ts";

/** The same for every try to order again, so that a try whose answer was lost is not a second order. */
const idempotencyKeys = new Map<string, string>();

/** Orders the same again; `calls` are those of `reorder_pizza`. Nothing where the host lets widgets call no tools. */
export function Reorder({ orderId, calls }: { orderId: string; calls: ToolCalls }) {
  const words = useOrderWords();
  const { call } = calls;
  const state = calls.stateOf(orderId);
  if (!call || !orderId) return null;
  if (state === "done") return <p class="done" role="status">{words.ordered}</p>;
  if (state === "signed-out") {
    return <AskButton {...words.signInToReorder} common={words.common} />;
  }
  const reorder = () => {
    const idempotencyKey = idempotencyKeys.get(orderId) ?? randomKey();
    idempotencyKeys.set(orderId, idempotencyKey);
    call(orderId, { orderId, idempotencyKey });
  };
  return (
    <>
      {state === "failed" && <p class="hint" role="alert">{words.orderFailed}</p>}
      <button type="button" class="button" aria-disabled={state === "busy"} onClick={reorder}>
        {state === "busy" ? words.ordering : state === "failed" ? words.common.tryAgain : words.reorder}
      </button>
    </>
  );
}

/** `crypto.randomUUID` is missing in a sandbox that is served without TLS. */
function randomKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
