import type { Progress } from "@modelcontextprotocol/client";
import { useEffect, useRef } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import type { Call } from "../thread.ts";
import { WidgetFrame } from "../widget_frame.tsx";
import { ChallengeCard } from "./challenge_card.tsx";

/** One tool call: what was sent, what came back, and its widget. */
export function CallCard({ host, call }: { host: Host; call: Call }) {
  const { id, tool, args, progress, asks, result, widget, challenge, problem } = call;
  const known = useStore(host.modelContext)[id];
  const reloads = useStore(host.reloads);
  const isSigningIn = useStore(host.signInWindow) !== undefined;
  const isAsked = useStore(host.questions).length > 0;
  const state = stateOf(call, isSigningIn);
  const card = useRef<HTMLElement>(null);
  // With the old state the button that had the focus may be gone.
  useEffect(() => {
    if (document.activeElement === document.body) card.current?.focus({ preventScroll: true });
  }, [state]);

  return (
    <article
      class="call"
      ref={card}
      tabIndex={-1}
      aria-label={`Call of ${tool.name}`}
      data-state={state}
    >
      <header>
        <span class="dot" aria-hidden="true" />
        <span class="call-title">{titleOf(call, state)}</span>
        <code>{tool.name}</code>
      </header>
      <Json title="Arguments" value={args} />
      {result && <Json title="Result" value={result} />}
      {call.state === "running" && progress && <ProgressOf progress={progress} />}
      {call.state === "running" && asks && isAsked && <p class="progress">Waiting for your answer</p>}
      {call.state === "challenged" && challenge && (
        <ChallengeCard host={host} call={call} challenge={challenge} />
      )}
      {call.state === "failed" && (
        <div class="failure" role="alert">
          <p>{problem}</p>
          <button type="button" onClick={() => host.thread.repeat(call)}>Try again</button>
        </div>
      )}
      {call.state === "done" && widget && (
        <WidgetFrame key={`${reloads} ${widget.uri}`} host={host} call={call} widget={widget} />
      )}
      {call.state === "done" && known !== undefined && (
        <details class="json known" open>
          <summary>What the model knows from the widget</summary>
          <pre tabIndex={0}>{known}</pre>
        </details>
      )}
      {call.state === "done" && !widget && <p class="plain" dir="auto">{textOf(call)}</p>}
    </article>
  );
}

function ProgressOf({ progress: { progress, total, message } }: { progress: Progress }) {
  const words = message ?? (total === undefined ? String(progress) : `${progress} of ${total}`);
  return (
    <p class="progress">
      <progress aria-label="Progress" {...(total !== undefined && { value: progress, max: total })} />
      <span dir="auto">{words}</span>
    </p>
  );
}

function Json({ title, value }: { title: string; value: unknown }) {
  return (
    <details class="json">
      <summary>{title}</summary>
      <pre tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>
    </details>
  );
}

/** The state that the card shows: a result may be an error, and a challenged call wait for the sign-in window. */
function stateOf({ state, result }: Call, isSigningIn: boolean): Call["state"] | "signing-in" {
  if (state === "done" && result?.isError) return "failed";
  return state === "challenged" && isSigningIn ? "signing-in" : state;
}

/** The tool's own words for its progress where it has some (OAI-09). */
function titleOf({ tool }: Call, state: ReturnType<typeof stateOf>): string {
  if (state === "challenged") return "Waiting for you";
  if (state === "signing-in") return "Waiting for the sign-in window";
  if (state === "failed") return "Did not work";
  const own = tool._meta?.[`openai/toolInvocation/${state === "done" ? "invoked" : "invoking"}`];
  return typeof own === "string" ? own : tool.title ?? tool.name;
}

/** What a host without widgets shows; the text that repeats the structured content as JSON is left out (UI-07). */
function textOf({ result }: Call): string {
  const json = JSON.stringify(result?.structuredContent);
  const texts = result?.content.map((block) => block.type === "text" ? block.text : "") ?? [];
  return texts.filter((text) => text !== json).join("\n");
}
