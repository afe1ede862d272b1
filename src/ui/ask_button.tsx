import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { type CommonWords, ENGLISH } from "./use_words.ts";
import { useView } from "./widget.tsx";

/** What a person may want to say in the chat. */
export interface Ask {
  readonly label: string;
  readonly message: string;
  /** What to do where a widget cannot say it; to say the message yourself, if left out. */
  readonly hint?: string;
}

/**
 * A button that says something in the chat for the person, such as that they want to sign in: sign-in itself is the
 * host's job (VIEW-14, VIEW-17). On a host without messages it becomes the hint.
 */
export function AskButton(
  props: Ask & {
    /** Words for it in another language than English */
    common?: CommonWords;
  },
): JSX.Element {
  const [state, setState] = useState<"ready" | "sending" | "sent" | "failed">("ready");
  const { sendMessage } = useView().actions;
  const { message, common = ENGLISH, hint = common.say + message } = props;
  if (!sendMessage) return <p class="hint">{hint}</p>;
  if (state === "sent") return <p class="hint" role="status">{common.asked}</p>;

  const ask = () => {
    if (state === "sending") return;
    setState("sending");
    sendMessage(message).then(() => setState("sent"), () => setState("failed"));
  };
  return (
    <>
      <button type="button" class="button" aria-disabled={state === "sending"} onClick={ask}>
        {props.label}
      </button>
      {state === "failed" && <p class="hint" role="alert">{hint}</p>}
    </>
  );
}
