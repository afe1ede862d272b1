import type { ComponentChildren, JSX } from "preact";
import { type Ask, AskButton } from "./ask_button.tsx";
import { type CommonWords, ENGLISH } from "./use_words.ts";
import { errorText, needsSignIn } from "./data.ts";
import { Notice } from "./notice.tsx";
import { asRecord } from "./rpc.ts";
import { useView } from "./widget.tsx";

/** One widget's words for the states that all widgets have, in English unless `lang` and `common` say otherwise. */
export interface Words {
  /** BCP 47 */
  readonly lang?: string;
  /** What is the same in every widget. */
  readonly common?: CommonWords;
  readonly loading: string;
  readonly cancelled: string;
  readonly failed: string;
  readonly empty: { readonly title: string; readonly text: string };
  /** When no result comes: `message` asks for it in the chat, `hint` tells the person what to ask. */
  readonly late: { readonly title: string; readonly message: string; readonly hint?: string };
  readonly signIn: {
    readonly title: string;
    readonly text: string;
    readonly message: string;
    readonly hint?: string;
  };
}

/**
 * The whole of a widget: `skeleton` while loading, what `children` makes of the data when there is some, and otherwise
 * a notice that says what is the matter and what can be done.
 */
export function Frame(props: {
  words: Words;
  skeleton: ComponentChildren;
  /** A decorative picture for the notices */
  art?: ComponentChildren;
  /** Draws a result's `structuredContent`, or returns something falsy when there is nothing in it to show. */
  children: (data: Record<string, unknown>) => ComponentChildren;
}): JSX.Element {
  // The page's `lang` is the host's, for which there may be no words.
  return <div lang={props.words.lang ?? "en"}>{contentOf(props, useView())}</div>;
}

function contentOf(
  { words, skeleton, art, children }: Parameters<typeof Frame>[0],
  { state, result, actions }: ReturnType<typeof useView>,
): ComponentChildren {
  const { common = ENGLISH } = words;
  const retry = actions.retry && (
    <button type="button" class="button" onClick={actions.retry}>{common.tryAgain}</button>
  );
  if (state === "loading") {
    return (
      <div class="loading" aria-busy="true">
        <div role="status">
          <h1>{words.loading}</h1>
        </div>
        <div aria-hidden="true">{skeleton}</div>
      </div>
    );
  }
  const notice = (title: string, text: string, remedy?: ComponentChildren) => (
    <Notice title={title} text={text} art={art}>{remedy}</Notice>
  );
  const ask = (words: Omit<Ask, "label">, label: string) => (
    <AskButton {...words} label={label} common={common} />
  );
  if (state === "late") {
    return notice(words.late.title, common.late, retry ?? ask(words.late, common.askAgain));
  }
  if (state === "cancelled") return notice(words.cancelled, common.unchanged, retry);
  if (needsSignIn(result)) {
    return notice(words.signIn.title, words.signIn.text, ask(words.signIn, common.signIn));
  }
  if (result.isError) return notice(words.failed, errorText(result) || common.noReason, retry);
  return children(asRecord(result.structuredContent)) || notice(words.empty.title, words.empty.text);
}
