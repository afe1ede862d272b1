import { useState } from "preact/hooks";
import type { Actions } from "../../src/ui/bridge.ts";
import { needsSignIn } from "../../src/ui/data.ts";
import { AskButton } from "./ask_button.tsx";

/** Orders the same again by the tool `reorder_pizza`. Nothing where the host lets a widget call no tools. */
export function Reorder({ orderId, actions }: { orderId: string; actions: Actions }) {
  const [state, setState] = useState<"ready" | "busy" | "done" | "failed" | "signed-out">("ready");
  // The same for every try, so that a try whose answer was lost is not a second order.
  const [idempotencyKey] = useState(randomKey);
  const { callTool } = actions;
  if (!callTool || !orderId) return null;
  if (state === "done") return <p class="done" role="status">Ordered again</p>;
  if (state === "signed-out") {
    return (
      <AskButton
        label="Sign in to reorder"
        message="Please sign me in, so that I can order this pizza again."
        hint="Ask in the chat to order this again; it will offer to sign you in."
        actions={actions}
      />
    );
  }
  const reorder = async () => {
    if (state === "busy") return;
    setState("busy");
    const result = await callTool("reorder_pizza", { orderId, idempotencyKey }).catch(() => ({
      isError: true,
    }));
    setState(needsSignIn(result) ? "signed-out" : result.isError ? "failed" : "done");
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
