const PREFIX = 'thong-suot.';

/** A browser that forbids storage (kiosk, private window) still shows the board; it only forgets. */
export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
}

export function recall<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  const stored = recallText(name);
  return allowed.find((value) => value === stored);
}

/** What was remembered, whatever it says. */
export function recallText(name: string): string | undefined {
  try {
    return localStorage.getItem(PREFIX + name) ?? undefined;
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return undefined;
  }
}
