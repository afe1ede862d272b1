import { AskButton, type ToolCalls } from "mcp-app/ui";

/** The same for every try to order again, so that a try whose answer was lost is not a second order. */
const idempotencyKeys = new Map<string, string>();

/** Orders the same again; `calls` are those of `reorder_pizza`. Nothing where the host lets widgets call no tools. */
export function Reorder({ orderId, calls }: { orderId: string; calls: ToolCalls }) {
  const { call } = calls;
  const state = calls.stateOf(orderId);
  if (!call || !orderId) return null;
  if (state === "done") return <p class="done" role="status">Ordered again</p>;
  if (state === "signed-out") {
    return (
      <AskButton
        label="Sign in to reorder"
        message="Please sign me in, so that I can order this pizza again."
        hint="Ask in the chat to order this again; it will offer to sign you in."
      />
    );
  }
  const reorder = () => {
    const idempotencyKey = idempotencyKeys.get(orderId) ?? randomKey();
    idempotencyKeys.set(orderId, idempotencyKey);
    call(orderId, { orderId, idempotencyKey });
  };
  return (
    <>
      {state === "failed" && <p class="hint" role="alert">That did not work.</p>}
      <button type="button" class="button" aria-disabled={state === "busy"} onClick={reorder}>
        {state === "busy" ? "Ordering…" : state === "failed" ? "Try again" : "Reorder"}
      </button>
    </>
  );
}

/** `crypto.randomUUID` is missing in a sandbox that is served without TLS. */
function randomKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
