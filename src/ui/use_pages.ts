/// <reference lib="dom" />
import { useEffect, useLayoutEffect, useState } from "preact/hooks";

/** Hosts show at most so many CSS pixels of a widget inline (Claude's directory rule). */
const TALLEST = 500;
/** More items than this are never tried on one page. */
const MOST = 8;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Index of the page's first item in the list */
  readonly start: number;
  readonly previous: (() => void) | undefined;
  readonly next: (() => void) | undefined;
}

/**
 * Divides a list into pages with which the widget is no higher than hosts show without scrolling, at least one item
 * each. How many fit is measured before anything is painted, and again when the width changes.
 */
export function usePages<T>(list: readonly T[]): Page<T> {
  const [starts, setStarts] = useState<readonly number[]>([0]);
  const [count, setCount] = useState(MOST);
  const start = Math.min(starts.at(-1) ?? 0, Math.max(list.length - 1, 0));
  const items = list.slice(start, start + count);

  useLayoutEffect(() => {
    const { height } = document.documentElement.getBoundingClientRect();
    if (height > TALLEST && items.length > 1) setCount(items.length - 1);
  });
  useEffect(() => {
    let width = innerWidth;
    const onResize = () => {
      if (width !== (width = innerWidth)) setCount(MOST);
    };
    addEventListener("resize", onResize);
    return () => removeEventListener("resize", onResize);
  }, []);

  const turn = (to: readonly number[]) => {
    setStarts(to);
    setCount(MOST);
  };
  const end = start + items.length;
  return {
    items,
    start,
    previous: starts.length > 1 ? () => turn(starts.slice(0, -1)) : undefined,
    next: end < list.length ? () => turn([...starts, end]) : undefined,
  };
}
