import { z } from 'zod';

/** What the bodies of planned work have in common. */
export const MOST_DAYS = 400;
export const DAY_MS = 86_400_000;

const MOMENT = 'an ISO 8601 date and time, as 2026-11-22T01:00:00Z';
export const moment = z.iso.datetime({ offset: true, error: MOMENT }).transform((text) => Date.parse(text));
export const who = z.string().trim().min(1).max(100).default('api');
