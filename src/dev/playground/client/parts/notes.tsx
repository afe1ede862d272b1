import type { Note } from "../explain.ts";

/** Explanations, each with a link to its source. */
export function Notes({ notes }: { notes: readonly Note[] }) {
  return (
    <ul class="notes">
      {notes.map(({ text, rule }) => (
        <li key={text}>
          {text} <a href={rule.url} target="_blank" rel="noreferrer">{rule.name}</a>
        </li>
      ))}
    </ul>
  );
}
