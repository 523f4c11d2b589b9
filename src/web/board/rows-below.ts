import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/**
 * How many rows of a list lie below its visible part. Nobody scrolls a wall, so it has to say that there is more.
 * @param rows what the list shows; counted again when it changes
 */
export function useRowsBelow(rows: unknown) {
  const list = useRef<HTMLUListElement>(null);
  const below = useSignal(0);
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const count = (): void => {
      const edge = element.getBoundingClientRect().bottom;
      below.value = [...element.children].filter((row) => row.getBoundingClientRect().bottom > edge + 1).length;
    };
    count();
    const observer = new ResizeObserver(count);
    observer.observe(element);
    element.addEventListener('scroll', count, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', count);
    };
  }, [rows, below]);
  return { list, below };
}
