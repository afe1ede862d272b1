import { useState } from "preact/hooks";
import { AskButton, useToolCall } from "../../src/ui/mod.ts";

/** Orders the same again by the tool `reorder_pizza`. Nothing where the host lets widgets call no tools. */
export function Reorder({ orderId }: { orderId: string }) {
  const { state, call } = useToolCall("reorder_pizza");
  // The same for every try, so that a try whose answer was lost is not a second order.
  const [idempotencyKey] = useState(randomKey);
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
  return (
    <>
      {state === "failed" && <p class="hint" role="alert">That did not work.</p>}
      <button
        type="button"
        class="button"
        aria-disabled={state === "busy"}
        onClick={() => call({ orderId, idempotencyKey })}
      >
        {state === "busy" ? "Ordering…" : state === "failed" ? "Try again" : "Reorder"}
      </button>
    </>
  );
}

/** `crypto.randomUUID` is missing in a sandbox that is served without TLS. */
function randomKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}
