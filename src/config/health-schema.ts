import { isIP } from 'node:net';
import { z } from 'zod';
import { profilesSchema, thresholdsSchema } from './profiles-schema.js';
import { number, section, whole } from './schema-parts.js';

const MOST_REFERENCES = 16;

/** An address is pinged by itself; anything else is taken for the id of an endpoint of the inventory. */
const reference = z
  .string({ error: 'an IP address or the id of an endpoint' })
  .regex(/^[\w.:-]{1,100}$/, { error: 'an IP address or the id of an endpoint' });
export const isReferenceAddress = (given: string): boolean => isIP(given) !== 0;

/** When an endpoint is called down, poor, well again, flapping; and what must always answer from here. */
export const healthSchema = section({
  failures: whole(1, 10).default(2),
  ofLast: whole(1, 20).default(3),
  confirmWithinSeconds: number(1, 3600).default(60),
  recoverAfter: whole(1, 10).default(2),
  flapping: section({ startRatio: number(0.01, 1).default(0.2), endRatio: number(0, 1).default(0.05) })
    .refine(({ startRatio, endRatio }) => endRatio < startRatio, { error: 'endRatio below startRatio' })
    .prefault({}),
  unlikeItself: section({
    spreads: number(1, 100).default(6),
    leastMs: number(1, 10_000).default(50),
    results: whole(1, 20).default(3),
  }).prefault({}),
  references: z
    .array(reference, { error: 'a list of addresses and ids of endpoints' })
    .max(MOST_REFERENCES, { error: `at most ${MOST_REFERENCES}` })
    .default([]),
  referenceIntervalSeconds: number(1, 300).default(10),
  overloadLagMs: number(20, 60_000).default(500),
  thresholds: thresholdsSchema,
  profiles: profilesSchema,
})
  .refine(({ failures, ofLast }) => failures <= ofLast, { error: 'failures not above ofLast' })
  .prefault({});

export type HealthSettings = z.output<typeof healthSchema>;
