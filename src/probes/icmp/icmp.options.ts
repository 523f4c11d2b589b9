import { z } from 'zod';

export const icmpOptions = z.strictObject({
  count: z.number().int().min(1).max(100).default(5),
  spacingMs: z.number().min(10).max(10_000).default(200),
  /** waited after the last request */
  timeoutS: z.number().positive().max(30).default(2),
  /** 16 bytes at least: `ping` carries its time stamp in them */
  payloadBytes: z.number().int().min(16).max(65_000).default(56),
  source: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type IcmpOptions = z.infer<typeof icmpOptions>;
