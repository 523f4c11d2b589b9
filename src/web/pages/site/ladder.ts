/** One message of a call, as the probe noted it. */
export interface Rung {
  /** since the first message */
  atMs: number;
  sent: boolean;
  summary: string;
  text: string;
}

/** From stored JSON of any older version: what has another shape is left out. */
export function rungsOf(evidence: unknown): Rung[] {
  const ladder = recordOf(evidence).ladder;
  if (!Array.isArray(ladder)) return [];
  return ladder.flatMap((entry: unknown): Rung[] => {
    const { atMs, direction, summary, text } = recordOf(entry);
    if (typeof atMs !== 'number' || typeof summary !== 'string') return [];
    return [{ atMs, sent: direction === 'sent', summary, text: typeof text === 'string' ? text : '' }];
  });
}

export interface Hop {
  ttl: number;
  /** null: that node did not answer */
  address: string | null;
  rttMs: number | null;
}

export function hopsOf(evidence: unknown): Hop[] {
  const { trace } = recordOf(evidence);
  if (!Array.isArray(trace)) return [];
  return trace.map((entry: unknown, index): Hop => {
    const { ttl, address, rttMs } = recordOf(entry);
    return {
      ttl: typeof ttl === 'number' ? ttl : index + 1,
      address: typeof address === 'string' && address !== '' ? address : null,
      rttMs: typeof rttMs === 'number' ? rttMs : null,
    };
  });
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
