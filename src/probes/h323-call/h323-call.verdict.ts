import type { QualityLimits } from '../../common/quality.js';
import { type CallVerdict, judgeCallMedia } from '../call/media-call.verdict.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';
import type { H323CallFacts } from './h323-call.facts.js';
import { judgeH323Failure } from './h323-failure.verdict.js';

/** @param limits of the endpoint's profile: beyond them media are poor */
export const judgeH323Call = (facts: H323CallFacts, limits: QualityLimits): CallVerdict =>
  judgeCallMedia(facts, judgeSetup(facts), limits);

/** Everything that ends the story before media can be judged. */
function judgeSetup({ aborted, media, failure, signalling, endedBy, endedWhy, agreed }: H323CallFacts): Verdict | undefined {
  if (aborted || media?.aborted) return inconclusive('aborted');
  if (failure) return judgeH323Failure(failure, signalling);
  // others may be in that room's call: it is left at once, and not disturbed again for a while
  if (endedWhy === 'conference') return inconclusive('busy');
  const encrypted = signalling.encryption && !agreed?.audio?.weReceive;
  if (encrypted) return fail('encryption-required');
  if (endedBy === 'peer') return fail('peer-hung-up');
  if (!agreed) return fail('signalling-hung');
  return undefined;
}
