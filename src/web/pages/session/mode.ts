import { useEffect, useState } from 'preact/hooks';

/** What the page is used for; it stands behind the # of the address, so that it can be sent around and gone back from. */
export const MODES = ['overview', 'roll-call', 'display', 'roster'] as const;
export type Mode = (typeof MODES)[number];

const readMode = (): Mode => MODES.find((mode) => `#${mode}` === location.hash) ?? 'overview';

export function useMode(): Mode {
  const [mode, setMode] = useState(readMode);
  useEffect(() => {
    const follow = (): void => setMode(readMode());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  return mode;
}

export const enterMode = (mode: Mode): void => {
  location.hash = mode === 'overview' ? '' : mode;
};
