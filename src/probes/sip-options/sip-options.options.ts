import { z } from 'zod';
import { CALLER_NAME, CALLER_USER } from '../sip-path.js';

export const sipOptionsOptions = z.strictObject({
  timeoutS: z.number().positive().max(32).default(5),
  callerName: z.string().max(80).default(CALLER_NAME),
  callerUser: z
    .string()
    .min(1)
    .max(40)
    .regex(/^[\w.+-]+$/)
    .default(CALLER_USER),
  source: z.union([z.ipv4(), z.ipv6()]).optional(),
});
export type SipOptionsOptions = z.infer<typeof sipOptionsOptions>;
