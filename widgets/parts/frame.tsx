import type { ComponentChildren } from "preact";
import type { View } from "../../src/ui/bridge.ts";
import { needsSignIn, wordsOf } from "../../src/ui/data.ts";
import { isRecord } from "../../src/ui/rpc.ts";
import { AskButton } from "./ask_button.tsx";
import { Notice } from "./notice.tsx";

/** The words of one widget for the states that all widgets have. */
export interface Words {
  readonly loading: string;
  readonly cancelled: string;
  readonly failed: string;
  readonly signIn: {
    readonly title: string;
    readonly text: string;
    readonly message: string;
    readonly hint: string;
  };
}

/** Shows `skeleton` while loading, a notice where there is no data, and otherwise what `children` makes of the data. */
export function Frame(props: {
  view: View;
  words: Words;
  skeleton: ComponentChildren;
  children: (data: Record<string, unknown>) => ComponentChildren;
}) {
  const { words, view: { state, result, actions } } = props;
  const retry = actions.retry && (
    <button type="button" class="button" onClick={actions.retry}>Try again</button>
  );
  if (state === "loading") {
    return (
      <div class="loading" aria-busy="true">
        <div role="status">
          <h1>{words.loading}</h1>
        </div>
        <div aria-hidden="true">{props.skeleton}</div>
      </div>
    );
  }
  if (state === "cancelled") {
    return <Notice title={words.cancelled} text="Nothing was changed.">{retry}</Notice>;
  }
  if (needsSignIn(result)) {
    return (
      <Notice title={words.signIn.title} text={words.signIn.text}>
        <AskButton
          label="Sign in"
          message={words.signIn.message}
          hint={words.signIn.hint}
          actions={actions}
        />
      </Notice>
    );
  }
  if (result.isError) {
    return (
      <Notice title={words.failed} text={wordsOf(result) || "The server gave no reason."}>{retry}</Notice>
    );
  }
  return <>{props.children(isRecord(result.structuredContent) ? result.structuredContent : {})}</>;
}
