import type { SocketFailure } from '../../net/socket-failure.js';
import { fail, inconclusive, pass, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import type { H323PingOptions } from './h323-ping.options.js';

/** What became of one light probe. `closed`: both stacks that we know close at once on a STATUS ENQUIRY about no call. */
export type PingAnswer = 'answered' | 'closed' | 'silent' | 'not-asked' | 'aborted';

export interface PingVerdict extends Verdict {
  /** what a technician should know although the test passed */
  note?: string;
}

/** Whatever comes back, a message or an orderly end, was done by a living stack; an accepted connection by its kernel alone. */
export function judgePing(
  seen: { failure: SocketFailure } | { answer: PingAnswer },
  statusEnquiry: H323PingOptions['statusEnquiry'],
): PingVerdict {
  if ('failure' in seen) return judgePathFailure(seen.failure);
  if (seen.answer === 'aborted') return inconclusive('aborted');
  if (seen.answer !== 'silent') return pass;
  if (statusEnquiry === 'require') return fail('signalling-hung');
  return { ...pass, note: 'accepts connections; says nothing to STATUS ENQUIRY' };
}
