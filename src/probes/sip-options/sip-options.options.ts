import { z } from 'zod';
import { sipLineShape } from '../sip-line.options.js';

/** No credentials: a wrong password, sent every minute, would lock the account that the calls need. 401 proves life as well. */
export const sipOptionsOptions = z.strictObject({
  timeoutS: z.number().positive().max(32).default(5),
  ...sipLineShape,
});
export type SipOptionsOptions = z.infer<typeof sipOptionsOptions>;
