import type { Observation, StreamMeasures } from '../probes/contract.js';

/** Figures of one outcome; undefined: it has none, or what stands in its place is no number. */

export const lossOf = (outcome: Observation | undefined): number | undefined => number(outcome?.measures?.lossRatio);

/** The median of its round trips, in ms. */
export function rttOf(outcome: Observation | undefined): number | undefined {
  const rtt = outcome?.measures?.rttMs;
  return typeof rtt === 'object' && rtt !== null ? number((rtt as { median?: unknown }).median) : undefined;
}

/** Of the streams of a call the worst. */
export function worstLoss(call: Observation | undefined): number | undefined {
  if (!call?.media) return undefined;
  const ratios = Object.values(call.media).flatMap((stream: StreamMeasures | undefined) => number(stream?.lossRatio) ?? []);
  return ratios.length ? Math.max(...ratios) : undefined;
}

const number = (value: unknown): number | undefined => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
