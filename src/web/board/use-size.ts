import { useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** The inner size of an element in CSS pixels, as it is laid out. */
export function useSize<Kind extends HTMLElement>() {
  const element = useRef<Kind>(null);
  const size = useSignal({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      size.value = { width, height };
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [size]);
  return { element, size };
}
