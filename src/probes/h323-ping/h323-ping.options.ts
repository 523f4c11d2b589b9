import { z } from 'zod';
import { H323_PORT } from '../h323-call/h323-call.options.js';

export const h323PingOptions = z.strictObject({
  /** where the target itself names none */
  port: z.int().min(1).max(65_535).default(H323_PORT),
  /** for the connection, and again for what it says to our STATUS ENQUIRY */
  timeoutS: z.number().positive().max(30).default(3),
  /**
   * STATUS ENQUIRY after the connection stands: `ask`, and silence is noted; `require` an answer, for models that are known to
   * give one, since one that hangs still accepts connections; `off`, for models that take it amiss.
   */
  statusEnquiry: z.enum(['ask', 'require', 'off']).default('ask'),
  source: z.ipv4().optional(),
});
export type H323PingOptions = z.infer<typeof h323PingOptions>;
