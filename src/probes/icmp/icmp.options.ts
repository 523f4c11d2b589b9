import { z } from 'zod';

export const icmpOptions = z.strictObject({
  count: z.number().int().min(1).max(100).default(5),
  spacingMs: z.number().min(10).max(10_000).default(200),
  /** waited after the last request */
  timeoutS: z.number().positive().max(30).default(2),
  /** 16 bytes at least: `ping` carries its time stamp in them; at most what an Ethernet carries */
  payloadBytes: z.number().int().min(16).max(1_472).default(56),
  /** also find the largest packet that passes: a few packets more, and only where the kernel lets us send them */
  pathMtu: z.boolean().default(false),
  source: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type IcmpOptions = z.infer<typeof icmpOptions>;
