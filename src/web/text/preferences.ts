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
  try {
    const stored = localStorage.getItem(PREFIX + name);
    return allowed.find((value) => value === stored);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    return undefined;
  }
}
