import { explainExchange, titleOf } from "../explain.ts";
import type { Host } from "../host.ts";
import { useStore } from "../store.ts";
import type { Exchange, Part } from "../wire.ts";
import { Notes } from "./notes.tsx";

/** Every request of the host with its answer, newest first; tokens are hidden. */
export function WirePanel({ host }: { host: Host }) {
  const exchanges = useStore(host.wire);
  if (exchanges.length === 0) return <p class="small">Nothing has been sent yet.</p>;
  return (
    <>
      <button type="button" class="quiet clear" onClick={() => host.wire.set([])}>Clear</button>
      <ol class="wire">
        {exchanges.toReversed().map((exchange) => <Row key={exchange.id} exchange={exchange} />)}
      </ol>
    </>
  );
}

function Row({ exchange }: { exchange: Exchange }) {
  const { method, url, request, answer, failure } = exchange;
  const { pathname, search } = new URL(url);
  const notes = explainExchange(exchange);
  return (
    <li>
      <details>
        <summary>
          <span class="status" data-class={answer ? String(answer.status).slice(0, 1) : "0"}>
            {answer?.status ?? (failure ? "✕" : "…")}
          </span>
          <span class="exchange-title">{titleOf(exchange)}</span>
          {answer && <span class="small">{Math.round(answer.milliseconds)} ms</span>}
        </summary>
        <Message title={`${method} ${pathname}${search}`} part={request} />
        {answer && <Message title={`Answer ${answer.status}`} part={answer} />}
        {failure && <p role="alert">{failure}</p>}
      </details>
      {notes.length > 0 && <Notes notes={notes} />}
    </li>
  );
}

function Message({ title, part }: { title: string; part: Part }) {
  const headers = part.headers.map(([name, value]) => `${name}: ${value}`).join("\n");
  return (
    <section class="message">
      <h2>{title}</h2>
      <pre tabIndex={0}>{[headers, part.body].filter(Boolean).join("\n\n")}</pre>
    </section>
  );
}
