import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** Where a carousel stands: whether there is anything before or after what is visible. */
interface Edges {
  readonly before: boolean;
  readonly after: boolean;
}

/**
 * A row of cards that scrolls sideways and snaps: by touch, by wheel, with two buttons, and with the arrow, Home and End
 * keys. `head` stands left of the buttons; these are there only when the cards do not fit.
 */
export function Carousel(props: { label: string; head: ComponentChildren; children: ComponentChildren }) {
  const list = useRef<HTMLUListElement>(null);
  const [edges, setEdges] = useState<Edges>({ before: false, after: false });

  const look = () => {
    if (!list.current) return;
    const { scrollLeft, scrollWidth, clientWidth } = list.current;
    setEdges({ before: scrollLeft > 4, after: scrollLeft + clientWidth < scrollWidth - 4 });
  };
  useEffect(() => {
    if (!list.current) return;
    const observer = new ResizeObserver(look);
    observer.observe(list.current);
    return () => observer.disconnect();
  }, []);
  useEffect(look, [props.children]);

  const scroll = (cards: number) => {
    const width = list.current?.firstElementChild?.getBoundingClientRect().width ?? 0;
    list.current?.scrollBy({ left: cards * (width + 12) });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const cards = { ArrowLeft: -1, ArrowRight: 1, Home: -1e3, End: 1e3 }[event.key];
    if (!cards) return;
    event.preventDefault();
    scroll(cards);
  };
  const step = (label: string, path: string, cards: number, possible: boolean) => (
    <button
      type="button"
      class="step"
      aria-label={label}
      aria-disabled={!possible}
      onClick={() => scroll(cards)}
    >
      <svg viewBox="0 0 20 20" aria-hidden="true">
        <path d={path} />
      </svg>
    </button>
  );
  return (
    <>
      <header class="head">
        <div>{props.head}</div>
        {(edges.before || edges.after) && (
          <div class="steps">
            {step("Previous places", "M12 4l-6 6 6 6", -1, edges.before)}
            {step("Next places", "M8 4l6 6-6 6", 1, edges.after)}
          </div>
        )}
      </header>
      <ul
        class="carousel"
        ref={list}
        tabIndex={0}
        aria-label={props.label}
        onScroll={look}
        onKeyDown={onKeyDown}
      >
        {props.children}
      </ul>
    </>
  );
}
