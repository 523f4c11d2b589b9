import { useLayoutEffect } from 'preact/hooks';

/**
 * One key for the whole page; whoever is writing a text means the letter.
 * Listens as soon as what it acts on is drawn: an effect after the paint comes so late on a busy machine that the next key
 * still met the row before, and a note was kept of the wrong site.
 */
export function useShortcut(key: string, act: () => void): void {
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== key || event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
}

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
