import { randomUUID } from 'node:crypto';

/** Identity of one probe run, made where the run is planned, so that an outcome delivered twice is stored once. */
export const newRunId = (): string => randomUUID();

/** A stable number in [0, 1) for a text (FNV-1a): spreads endpoints over an interval, the same at every start. */
export function hashFraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV's high bits hardly move for texts that differ only at the end ("04792-1", "04795-1"): mix once more
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  return (hash >>> 0) / 0x1_0000_0000;
}
