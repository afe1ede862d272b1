import { useEffect, useRef } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import type { Entry, Said } from "../thread.ts";
import { CallCard } from "./call_card.tsx";

/** The conversation. It scrolls the last question to the top, so that there is room for the answer. */
export function ThreadView({ host }: { host: Host }) {
  const entries = useStore(host.entries);
  const thread = useRef<HTMLDivElement>(null);
  useEffect(() => {
    thread.current?.children[latestQuestion(entries)]?.scrollIntoView({ block: "start" });
  }, [entries.length]);

  return (
    <div class="thread" role="log" aria-label="Conversation" tabIndex={0} ref={thread}>
      {entries.length === 0 && (
        <section class="introduction">
          <h2>See the whole flow, sign-in included</h2>
          <p>
            This page acts as an MCP host such as ChatGPT. Begin with a prompt below. Tools that need to know
            who you are ask you to sign in, as anyone you like.
          </p>
        </section>
      )}
      {entries.map((entry) =>
        entry.kind === "call"
          ? <CallCard key={entry.id} host={host} call={entry} />
          : <SaidText key={entry.id} host={host} said={entry} />
      )}
      {entries.length > 0 && <div class="spacer" />}
    </div>
  );
}

function SaidText({ host, said: { by, text, tool } }: { host: Host; said: Said }) {
  const openForm = () => host.view.set({ half: "inspect", tab: "Tools", ...(tool && { tool: tool.name }) });
  return (
    <div class={`said by-${by}`}>
      <p dir="auto">{text}</p>
      {tool && <button type="button" class="quiet" onClick={openForm}>Open its form</button>}
    </div>
  );
}

/** Index of the last entry that is not an answer. */
function latestQuestion(entries: readonly Entry[]): number {
  return entries.findLastIndex((entry, index) => {
    const before = entries[index - 1];
    const asked = before?.kind === "said" && before.by !== "host";
    return entry.kind === "call" ? !asked : entry.by !== "host";
  });
}
