import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useView } from "./widget.tsx";

/** Hosts show at most so many CSS pixels of a widget inline (Claude's directory rule). */
const TALLEST = 500;
/** More items than this are never tried on one page: with a button in each, seven do not fit. */
const MOST = 6;

/** One page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  /** Index of the page's first item in the list */
  readonly start: number;
  readonly previous: (() => void) | undefined;
  readonly next: (() => void) | undefined;
}

/**
 * Divides a list into pages with which the widget is no higher than hosts show without scrolling, of at least one
 * item each. How many fit is measured before anything is painted, and again when the width changes.
 *
 * @param all Everything is on one page, for a widget that has the whole screen.
 */
export function usePages<T>(list: readonly T[], all = false): Page<T> {
  const [starts, setStarts] = useState<readonly number[]>([0]);
  // An object, so that measuring starts over even when the count stays the same
  const [{ count }, setFit] = useState({ count: MOST });
  const start = all ? 0 : Math.min(starts.at(-1) ?? 0, Math.max(list.length - 1, 0));
  const items = all ? list : list.slice(start, start + count);

  const { result } = useView();
  // What was measured to fit stays, so that no item leaves the page because one in use has grown by a line.
  const fitted = useRef<unknown>(undefined);
  const refit = () => {
    fitted.current = undefined;
    setFit({ count: MOST });
  };
  useLayoutEffect(() => {
    if (all || fitted.current === result) return;
    const { height } = document.documentElement.getBoundingClientRect();
    if (height <= TALLEST || items.length === 1) {
      fitted.current = result;
    } else {
      const surplus = Math.floor((height - TALLEST) / (height / items.length));
      setFit({ count: items.length - Math.max(surplus, 1) });
    }
  });
  useLayoutEffect(() => {
    let width = innerWidth;
    const onResize = () => {
      if (width !== (width = innerWidth)) refit();
    };
    addEventListener("resize", onResize);
    return () => removeEventListener("resize", onResize);
  }, []);

  const turn = (to: readonly number[]) => {
    setStarts(to);
    refit();
  };
  const end = start + items.length;
  return {
    items,
    start,
    previous: start > 0 ? () => turn(starts.slice(0, -1)) : undefined,
    next: end < list.length ? () => turn([...starts, end]) : undefined,
  };
}
