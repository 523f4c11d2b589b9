import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** A list of thousands is drawn as far as somebody scrolls: 1,500 rows that change their order cost 100 ms of every frame. */
const ROWS_AT_FIRST = 30;

/**
 * How many rows of a list lie below its visible part. Nobody scrolls a wall, so it has to say that there is more.
 * @param rows all that there are, of which the list draws the first `limit`; counted again when they change
 */
export function useRowsBelow(rows: readonly unknown[]) {
  const list = useRef<HTMLUListElement>(null);
  const below = useSignal(0);
  const limit = useSignal(ROWS_AT_FIRST);
  const undrawn = useRef(0);
  undrawn.current = Math.max(0, rows.length - limit.value);
  const recount = useRef<() => void>(() => undefined);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const count = (): void => {
      const edge = element.getBoundingClientRect().bottom;
      const hidden = [...element.children].filter((row) => row.getBoundingClientRect().bottom > edge + 1).length;
      below.value = hidden + undrawn.current;
      if (hidden === 0 && undrawn.current > 0) limit.value += ROWS_AT_FIRST;
    };
    const { later, cancel } = atMostEvery(COUNT_EVERY_MS, count);
    recount.current = later;
    const observer = new ResizeObserver(count);
    observer.observe(element);
    element.addEventListener('scroll', count, { passive: true });
    return () => {
      cancel();
      observer.disconnect();
      element.removeEventListener('scroll', count);
    };
  }, [below, limit]);
  useLayoutEffect(() => recount.current(), [rows]);
  return { list, below, limit };
}

/** To look where rows lie makes the browser lay out the page at once: 4 ms of each of ten deltas a second. */
const COUNT_EVERY_MS = 250;

function atMostEvery(gapMs: number, act: () => void): { later: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    later: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        act();
      }, gapMs);
    },
    cancel: () => clearTimeout(timer),
  };
}
