/**
 * Narrowband listening quality from the network's behaviour: ITU-T G.107 reduced to delay and random loss. It is an estimate
 * under the assumptions below, for audio alone; there is no such number for video.
 */
export const MOS_ASSUMPTIONS = {
  codec: 'G.711 with packet loss concealment',
  /** basic signalling rating with all other G.107 defaults */
  basicRating: 93.2,
  equipmentImpairment: 0,
  /** packet loss robustness of G.711 with concealment (ITU-T G.113); 4.3 without */
  lossRobustness: 25.1,
  /** one 20 ms packet */
  packetisationMs: 20,
  minJitterBufferMs: 20,
  /** jitter buffer as a multiple of the measured jitter */
  jitterBufferFactor: 2,
} as const;

export interface QualityInputs {
  rttMs: number;
  /** 0..1 */
  lossRatio: number;
  jitterMs: number;
}

/** MOS from 1 to 4.5. */
export function estimateMos({ rttMs, lossRatio, jitterMs }: QualityInputs): number {
  const a = MOS_ASSUMPTIONS;
  const oneWayMs = rttMs / 2 + a.packetisationMs + Math.max(a.minJitterBufferMs, a.jitterBufferFactor * jitterMs);
  return ratingToMos(transmissionRating(oneWayMs, lossRatio));
}

/** G.107 R factor for a mouth-to-ear delay and a loss ratio. */
export function transmissionRating(oneWayMs: number, lossRatio: number): number {
  const { basicRating, equipmentImpairment: ie, lossRobustness } = MOS_ASSUMPTIONS;
  const delayImpairment = 0.024 * oneWayMs + 0.11 * Math.max(0, oneWayMs - 177.3);
  const lossPercent = Math.min(1, Math.max(0, lossRatio)) * 100;
  const lossImpairment = ie + ((95 - ie) * lossPercent) / (lossPercent + lossRobustness);
  return basicRating - delayImpairment - lossImpairment;
}

/** G.107 annex B. */
export function ratingToMos(rating: number): number {
  if (rating <= 0) return 1;
  if (rating >= 100) return 4.5;
  return Math.max(1, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6);
}
