import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useView } from "./widget.tsx";

/**
 * A button that says something in the chat for the person, such as that they want to sign in: sign-in itself is the
 * host's job (VIEW-14, VIEW-17). On a host without messages it becomes `hint`, which says what to type instead.
 */
export function AskButton(props: { label: string; message: string; hint: string }): JSX.Element {
  const [state, setState] = useState<"ready" | "sending" | "sent" | "failed">("ready");
  const { sendMessage } = useView().actions;
  if (!sendMessage) return <p class="hint">{props.hint}</p>;
  if (state === "sent") return <p class="hint" role="status">Asked in the chat.</p>;

  const ask = () => {
    if (state === "sending") return;
    setState("sending");
    sendMessage(props.message).then(() => setState("sent"), () => setState("failed"));
  };
  return (
    <>
      <button type="button" class="button" aria-disabled={state === "sending"} onClick={ask}>
        {props.label}
      </button>
      {state === "failed" && <p class="hint" role="alert">{props.hint}</p>}
    </>
  );
}
