import { useState } from "preact/hooks";
import type { LogEntry } from "../bridge_log.ts";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";

const FROM = { widget: "Widget", host: "Host", policy: "Refused" };

/** Every message between widgets and the host, and what their policy refused, newest first. */
export function LogPanel({ host }: { host: Host }) {
  const entries = useStore(host.bridgeLog);
  if (entries.length === 0) return <p class="small">No widget has been shown yet.</p>;
  return (
    <>
      <button type="button" class="quiet clear" onClick={() => host.bridgeLog.set([])}>Clear</button>
      <ol class="log">
        {entries.toReversed().map((entry) => <Row key={entry.number} entry={entry} />)}
      </ol>
    </>
  );
}

/** The text is only drawn while it can be seen: there may be two hundred. */
function Row({ entry: { from, title, id, text } }: { entry: LogEntry }) {
  const [open, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class="from" data-from={from}>{FROM[from]}</span>
          <span class="exchange-title">{title}</span>
          {id !== undefined && <span class="small">#{id}</span>}
        </summary>
        {open && <pre tabIndex={0}>{text}</pre>}
      </details>
    </li>
  );
}
