import { z } from 'zod';
import { DEFAULT_THRESHOLDS, type QualityFigure, type Threshold } from '../common/quality.js';
import { SIGNAL_NAMES } from '../common/states.js';
import { name, number, oneOf, section, whole } from './schema-parts.js';

/** What an endpoint is where nothing else is said of it. */
export const DEFAULT_PROFILE = 'video-room';

/** In settings a number may stand alone; then the settings themselves are its source. */
function threshold(value: z.ZodType<number>) {
  const source = z.string().min(1).max(200);
  const error = 'a number, or a mapping with the keys value and source';
  return z
    .union([value, section({ value, source })], { error })
    .transform((given): Threshold => (typeof given === 'object' ? given : { value: given, source: 'settings' }));
}

const THRESHOLD = {
  lossRatio: threshold(number(0, 1)),
  lostPackets: threshold(whole(0, 10_000)),
  jitterMs: threshold(number(1, 1000)),
  rttMs: threshold(number(1, 5000)),
  mos: threshold(number(1, 4.5)),
} satisfies Record<QualityFigure, unknown>;

/** Of every profile that says nothing else. */
export const thresholdsSchema = section({
  lossRatio: THRESHOLD.lossRatio.default(DEFAULT_THRESHOLDS.lossRatio),
  lostPackets: THRESHOLD.lostPackets.default(DEFAULT_THRESHOLDS.lostPackets),
  jitterMs: THRESHOLD.jitterMs.default(DEFAULT_THRESHOLDS.jitterMs),
  rttMs: THRESHOLD.rttMs.default(DEFAULT_THRESHOLDS.rttMs),
  mos: THRESHOLD.mos.default(DEFAULT_THRESHOLDS.mos),
}).prefault({});

const ALLOWED_NEEDS = `a list of ${SIGNAL_NAMES.join(', ')}, each once`;
const needs = z
  .array(oneOf(...SIGNAL_NAMES), { error: ALLOWED_NEEDS })
  .refine((given) => given.length > 0 && new Set(given).size === given.length, { error: ALLOWED_NEEDS });

/** A kind of site: what a call must show for it to be ready, and where it is held to other limits than the rest. */
const profile = section({ needs: needs.optional(), thresholds: section(THRESHOLD).partial().prefault({}) });
type GivenProfile = z.output<typeof profile>;

const BUILT_IN: Record<string, Required<GivenProfile>> = {
  [DEFAULT_PROFILE]: { needs: [...SIGNAL_NAMES], thresholds: {} },
  'audio-only': { needs: ['audioOut', 'audioIn'], thresholds: {} },
};

/** One that names no needs needs all, unless it is built in. */
export const profilesSchema = z
  .record(name, profile, { error: 'a mapping from names of profiles to their needs and thresholds' })
  .default({})
  .transform((given): Record<string, Required<GivenProfile>> => {
    const own = Object.entries(given).map(([key, one]) => {
      const needed = one.needs ?? BUILT_IN[key]?.needs ?? [...SIGNAL_NAMES];
      return [key, { ...one, needs: needed }] as const;
    });
    return { ...BUILT_IN, ...Object.fromEntries(own) };
  });
