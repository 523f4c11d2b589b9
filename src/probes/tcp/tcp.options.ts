import { z } from 'zod';

export const tcpOptions = z.strictObject({
  /** where the target names no port of its own */
  port: z.number().int().min(1).max(65_535).default(5060),
  timeoutS: z.number().positive().max(30).default(4),
  source: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type TcpOptions = z.infer<typeof tcpOptions>;
