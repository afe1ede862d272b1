import type { ComponentChildren } from "preact";
import { Slice } from "./slice.tsx";

/** A widget that has no data to show says why in one panel, with what can be done about it as its children. */
export function Notice(props: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <section class="notice" role="status">
      <Slice toppings={[]} seed={props.title} />
      <div>
        <h1 dir="auto">{props.title}</h1>
        <p dir="auto">{props.text}</p>
        {props.children}
      </div>
    </section>
  );
}
