import type { IncidentView } from '../../../live/feed-events.js';

export type EvidenceOf = IncidentView['evidence'][number];

/** What is shown of the outcome that decided; each part only where the probe left it. */
export interface EvidenceFacts {
  kind: string | null;
  startedAt: string | null;
  /** the messages of a failed call in order, without their text */
  messages: { atMs: number; sent: boolean; summary: string }[];
  /** the way of a failed ping; null address: that node did not answer */
  hops: { address: string | null; rttMs: number | null }[];
  details: [string, string][];
}

const MOST_DETAILS = 12;

/** The outcome comes from stored JSON of any older version: what has another shape is left out. */
export function evidenceFacts({ outcome }: EvidenceOf): EvidenceFacts {
  const evidence = recordOf(outcome?.evidence);
  return {
    kind: textOf(outcome?.kind),
    startedAt: textOf(outcome?.startedAt),
    messages: listOf(evidence.ladder).flatMap((entry) => {
      const { atMs, direction, summary } = recordOf(entry);
      if (typeof atMs !== 'number' || typeof summary !== 'string') return [];
      return [{ atMs, sent: direction === 'sent', summary }];
    }),
    hops: listOf(evidence.trace).map((hop) => {
      const { address, rttMs } = recordOf(hop);
      return { address: textOf(address), rttMs: typeof rttMs === 'number' ? rttMs : null };
    }),
    details: Object.entries(recordOf(outcome?.detail))
      .flatMap(([name, value]): [string, string][] => (isPlain(value) ? [[name, String(value)]] : []))
      .slice(0, MOST_DETAILS),
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value) && value !== '';
