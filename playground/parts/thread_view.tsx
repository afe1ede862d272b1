/// <reference lib="dom" />
import { useEffect, useRef } from "preact/hooks";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import { CallCard } from "./call_card.tsx";

/** The conversation, kept at its end while it grows. */
export function ThreadView({ host }: { host: Host }) {
  const entries = useStore(host.entries);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: "end" }), [entries]);

  return (
    <div class="thread" role="log" aria-label="Conversation" tabIndex={0}>
      {entries.length === 0 && (
        <section class="welcome">
          <h2>See the whole flow, sign-in included</h2>
          <p>
            This page plays an MCP host such as ChatGPT. Begin with a prompt below: the search is open to
            everyone, past orders need you to sign in, as anyone you like.
          </p>
        </section>
      )}
      {entries.map((entry) =>
        entry.kind === "call"
          ? <CallCard key={entry.id} host={host} call={entry} />
          : <p key={entry.id} class={`said by-${entry.by}`} dir="auto">{entry.text}</p>
      )}
      <div ref={end} class="end" />
    </div>
  );
}
