import type { OptionsFacts } from '../../protocols/sip/options-client.js';
import { fail, pass, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';

export interface OptionsVerdict extends Verdict {
  /** what a technician should know although the test passed */
  note?: string;
}

/**
 * A final response of any kind proves a living SIP stack, which is all that OPTIONS can prove. Only a server that says that
 * it failed (5xx) is not well; 501 is the exception, since it merely says that OPTIONS was never implemented. 404 passes
 * too: the device lives, and whether it may be called under that name only a call can tell.
 */
export function judgeOptions(facts: OptionsFacts, aborted: boolean): OptionsVerdict {
  if (facts.outcome === 'response') return judgeStatus(facts.status ?? 0);
  if (aborted) return judgePathFailure('aborted');
  return judgePathFailure(facts.outcome === 'transport' && facts.failure ? facts.failure : 'timeout');
}

function judgeStatus(status: number): OptionsVerdict {
  // a proxy speaks for a device that did not answer it
  if (status === 408 || status === 504) return fail('no-answer');
  if (status >= 500 && status < 600 && status !== 501) return fail('server-error');
  const note = NOTES[status] ?? (status >= 300 && status < 400 ? 'answers with a redirection' : undefined);
  return note ? { ...pass, note } : pass;
}

const NOTES: Record<number, string> = {
  401: 'alive; wants a password',
  403: 'alive; does not accept this caller',
  404: 'alive; does not know the user part of this address',
  405: 'alive; does not offer OPTIONS',
  407: 'alive; its proxy wants a password',
  480: 'alive; temporarily unavailable (do not disturb, or not signed in)',
  486: 'alive; busy',
  501: 'alive; does not offer OPTIONS',
  600: 'alive; busy',
  603: 'alive; declines',
};
