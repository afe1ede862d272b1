import type { ComponentChildren, JSX } from "preact";

/** A widget that has no data to show says why in one panel, with what can be done about it as its children. */
export function Notice(props: {
  title: string;
  text: string;
  /** A decorative picture */
  art?: ComponentChildren;
  children?: ComponentChildren;
}): JSX.Element {
  return (
    <section class="notice" role="status">
      {props.art && <div class="picture" aria-hidden="true">{props.art}</div>}
      <div class="words">
        <h1 dir="auto">{props.title}</h1>
        <p dir="auto">{props.text}</p>
        {props.children}
      </div>
    </section>
  );
}
