import type { TlsFailure } from '../net/tls-connect.js';
import { fail, inconclusive, type Verdict } from './outcome.js';

/** Why there is no path to an endpoint, before any protocol was spoken. */
export type PathFailure = TlsFailure['failure'] | 'unresolved' | 'not-one-host' | 'bad-target';

export function judgePathFailure(failure: PathFailure): Verdict {
  switch (failure) {
    case 'refused':
    case 'reset':
    case 'closed':
      // the last two were accepted and thrown out at once: somebody is there and does not want us
      return fail('refused');
    case 'no-route':
      return fail('no-route');
    // the machine lives, but its TLS or its certificate would stop every honest caller
    case 'tls':
      return fail('protocol-error');
    case 'timeout':
      return fail('no-answer');
    case 'unresolved':
      return fail('resolve-failed');
    case 'aborted':
      return inconclusive('aborted');
    case 'not-one-host':
      return inconclusive('target-not-allowed');
    // what is missing is our knowledge of its authority: nothing was learnt about the endpoint
    case 'untrusted':
    case 'bad-target':
      return inconclusive('unavailable-here');
  }
}
