import { computed, type ReadonlySignal } from '@preact/signals';

/** A computed array that stays the same object while its items are the same, so that nothing is drawn for an equal list. */
export function computedList<T>(compute: () => readonly T[]): ReadonlySignal<readonly T[]> {
  let last: readonly T[] = [];
  return computed(() => {
    const next = compute();
    const same = next.length === last.length && next.every((item, index) => item === last[index]);
    if (!same) last = next;
    return last;
  });
}
