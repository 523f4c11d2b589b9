import { z } from 'zod';
import { CALLER_NAME, CALLER_USER } from '../sip-path.js';

export const sipCallOptions = z
  .strictObject({
    /** how long the answered call is held; baresip and many codecs send their first RTCP report after 5 s */
    holdS: z.number().min(1).max(12).default(6),
    video: z.boolean().default(true),
    /** the longest ringing before we give up */
    ringS: z.number().positive().max(60).default(8),
    /** without even a provisional response */
    noProvisionalS: z.number().positive().max(32).default(5),
    callerName: z.string().max(80).default(CALLER_NAME),
    callerUser: z
      .string()
      .min(1)
      .max(40)
      .regex(/^[\w.+-]+$/)
      .default(CALLER_USER),
    /** for digest authentication; the password is read from the file at each call and kept nowhere */
    user: z.string().min(1).max(128).optional(),
    passwordFile: z.string().min(1).optional(),
    source: z.union([z.ipv4(), z.ipv6()]).optional(),
  })
  .refine((options) => (options.user === undefined) === (options.passwordFile === undefined), {
    error: 'user and passwordFile belong together',
    path: ['passwordFile'],
  });
export type SipCallOptions = z.infer<typeof sipCallOptions>;
