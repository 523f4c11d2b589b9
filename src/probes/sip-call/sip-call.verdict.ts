import type { QualityLimits } from '../../common/quality.js';
import { type CallVerdict, judgeCallMedia } from '../call/media-call.verdict.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';
import { judgeCallFailure } from './call-failure.verdict.js';
import type { CallFacts } from './sip-call.facts.js';

/** @param limits of the endpoint's profile: beyond them media are poor */
export const judgeCall = (facts: CallFacts, hasCredentials: boolean, limits: QualityLimits): CallVerdict =>
  judgeCallMedia(facts, judgeSetup(facts, hasCredentials), limits);

/** Everything that ends the story before media can be judged. */
function judgeSetup(facts: CallFacts, hasCredentials: boolean): Verdict | undefined {
  if (facts.aborted || facts.media?.aborted) return inconclusive('aborted');
  const answered = facts.setupMs !== undefined;
  if (facts.failure && !answered) {
    const rang = facts.lastProvisional !== undefined && facts.lastProvisional > 100;
    return judgeCallFailure(facts.failure, { rang, encryptionHinted: facts.encryptionHinted, hasCredentials });
  }
  if (!facts.agreed) return fail(facts.encryptionHinted ? 'encryption-required' : 'protocol-error');
  if (!facts.agreed.audio && !facts.agreed.video) {
    return fail(facts.agreed.secure || facts.encryptionHinted ? 'encryption-required' : 'codec-mismatch');
  }
  // an answered call that then lost its connection was ended by the far side, whatever broke there
  if (facts.endedBy === 'peer' || facts.failure) return fail('peer-hung-up');
  return undefined;
}
