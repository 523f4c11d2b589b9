/** What of a call's media is held against a limit. Ratios are 0..1. */
export const QUALITY_FIGURES = ['lossRatio', 'lostPackets', 'jitterMs', 'rttMs', 'mos'] as const;
export type QualityFigure = (typeof QUALITY_FIGURES)[number];

/**
 * A stream is poor above these, sound also below `mos`. `lossRatio` and `lostPackets` must both be exceeded: one or two packets of
 * 300 are no alarm, whatever ratio they make.
 */
export type QualityLimits = Readonly<Record<QualityFigure, number>>;

/** A limit with the norm, or the decision, that it comes from. */
export interface Threshold {
  value: number;
  source: string;
}
export type Thresholds = Readonly<Record<QualityFigure, Threshold>>;

export const QUALITY_UNITS: Readonly<Record<QualityFigure, string>> = {
  lossRatio: 'ratio, 0 to 1',
  lostPackets: 'packets',
  jitterMs: 'ms, RFC 3550 interarrival jitter',
  rttMs: 'ms, there and back',
  mos: 'MOS-CQE, 1 to 4.5',
};

/** Limits of a video conference where the settings name none. */
export const DEFAULT_THRESHOLDS = {
  lossRatio: { value: 0.01, source: 'ITU-T G.1010 (videophone: below 1 %), Cisco interactive video, Polycom RMX' },
  lostPackets: { value: 2, source: 'own rule: up to two packets of the 300 of a call are chance' },
  jitterMs: { value: 30, source: 'Cisco interactive video (ITU-T Y.1541 class 0: up to 50 ms of variation)' },
  rttMs: { value: 300, source: 'ITU-T G.1010: 150 ms one way preferred (ITU-T G.114: never above 400 ms one way)' },
  mos: { value: 3.6, source: 'ITU-T G.107 annex B: below R = 70 many users are dissatisfied' },
} as const satisfies Thresholds;

export const DEFAULT_LIMITS: QualityLimits = limitsOf(DEFAULT_THRESHOLDS);

export function limitsOf(thresholds: Thresholds): QualityLimits {
  const { lossRatio, lostPackets, jitterMs, rttMs, mos } = thresholds;
  return {
    lossRatio: lossRatio.value,
    lostPackets: lostPackets.value,
    jitterMs: jitterMs.value,
    rttMs: rttMs.value,
    mos: mos.value,
  };
}
