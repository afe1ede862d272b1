import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { Steps } from "mcp-app/ui";

/**
 * A row of cards that scrolls sideways and snaps: by touch, by wheel, with two buttons, and with the arrow, Home and End
 * keys. `head` stands beside the buttons; these are there only when the cards do not fit.
 */
export function Carousel(props: {
  labels: { places: string; previous: string; next: string };
  head: ComponentChildren;
  children: ComponentChildren;
}) {
  const list = useRef<HTMLUListElement>(null);
  // Whether there is anything before or after what is visible
  const [edges, setEdges] = useState({ before: false, after: false });

  const measure = () => {
    if (!list.current) return;
    const { scrollLeft, scrollWidth, clientWidth } = list.current;
    // Negative where the page reads from right to left
    const scrolled = Math.abs(scrollLeft);
    const [before, after] = [scrolled > 4, scrolled + clientWidth < scrollWidth - 4];
    setEdges((old) => old.before === before && old.after === after ? old : { before, after });
  };
  useLayoutEffect(() => {
    if (!list.current) return;
    const observer = new ResizeObserver(measure);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  useLayoutEffect(measure, [props.children]);

  // The card that a scroll under way leads to: steps made meanwhile count from there, not from halfway.
  const destination = useRef<number | undefined>(undefined);
  const step = (cards: number) => {
    const row = list.current;
    const width = (row?.firstElementChild?.getBoundingClientRect().width ?? 0) + GAP;
    if (!row) return;
    const last = Math.ceil((row.scrollWidth - row.clientWidth) / width);
    const from = destination.current ?? Math.round(Math.abs(row.scrollLeft) / width);
    const to = Math.min(Math.max(from + cards, 0), last);
    if (to === from) return;
    destination.current = to;
    row.scrollTo({ left: to * width * (isRightToLeft(row) ? -1 : 1) });
  };
  const forgetDestination = () => destination.current = undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    const forwards = list.current && isRightToLeft(list.current) ? -1 : 1;
    const cards = { ArrowLeft: -forwards, ArrowRight: forwards, Home: -1e3, End: 1e3 }[event.key];
    if (!cards) return;
    event.preventDefault();
    step(cards);
  };
  return (
    <>
      <header class="head">
        <div>{props.head}</div>
        {(edges.before || edges.after) && (
          <Steps
            labels={props.labels}
            previous={edges.before ? () => step(-1) : undefined}
            next={edges.after ? () => step(1) : undefined}
          />
        )}
      </header>
      <ul
        class="carousel"
        ref={list}
        tabIndex={0}
        aria-label={props.labels.places}
        onScroll={measure}
        onScrollEnd={forgetDestination}
        onPointerDown={forgetDestination}
        onKeyDown={onKeyDown}
      >
        {props.children}
      </ul>
    </>
  );
}

/** Between two cards, as in carousel.css. */
const GAP = 12;

function isRightToLeft(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}
