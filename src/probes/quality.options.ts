import { z } from 'zod';
import { DEFAULT_LIMITS } from '../common/quality.js';

/** For every kind of call: the limits of the endpoint's profile. They come with the plan, so that a verdict needs nothing else. */
export const qualityShape = {
  quality: z
    .strictObject({
      lossRatio: z.number().min(0).max(1).default(DEFAULT_LIMITS.lossRatio),
      lostPackets: z.int().min(0).default(DEFAULT_LIMITS.lostPackets),
      jitterMs: z.number().min(0).default(DEFAULT_LIMITS.jitterMs),
      rttMs: z.number().min(0).default(DEFAULT_LIMITS.rttMs),
      mos: z.number().min(1).max(5).default(DEFAULT_LIMITS.mos),
    })
    .prefault({}),
};
