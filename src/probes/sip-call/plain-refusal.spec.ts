import type { NegotiatedStream } from '../../protocols/sdp/offer-answer.js';
import type { CallFacts } from './sip-call.facts.js';
import { offerRefused, tellingFacts } from './plain-refusal.js';

const facts = (part: Partial<CallFacts>): CallFacts => ({
  videoWanted: true,
  aborted: false,
  encryptionHinted: false,
  foreign: {},
  heldAfterMs: {},
  changes: 0,
  selfLagMs: 0,
  ...part,
});
const status = (code: number): CallFacts => facts({ failure: { kind: 'status', status: code, reasonPhrase: 'x' } });
const stream = { kind: 'audio' } as NegotiatedStream;

describe(offerRefused.name, () => {
  it.each([
    ['488', status(488), true],
    ['415', status(415), true],
    ['606', status(606), true],
    ['486', status(486), false],
    ['404', status(404), false],
    ['no answer at all', facts({ failure: { kind: 'no-answer' } }), false],
    ['an answer that refuses both media', facts({ setupMs: 5, agreed: { audio: null, video: null } }), true],
    ['an answer that takes one', facts({ setupMs: 5, agreed: { audio: stream, video: null } }), false],
    ['an answer without a description', facts({ setupMs: 5 }), false],
    ['488 while we were told to stop', { ...status(488), aborted: true }, false],
  ])('should judge %s', (_what, seen, refused) => {
    expect(offerRefused(seen)).toBe(refused);
  });
});

describe(tellingFacts.name, () => {
  it('should judge the call with SRTP by whatever became of it', () => {
    const [busy, answered] = [status(486), facts({ setupMs: 5, agreed: { audio: stream, video: null } })];
    expect(tellingFacts(status(488), busy)).toBe(busy);
    expect(tellingFacts(status(488), answered)).toBe(answered);
  });

  it('should keep the plain refusal where the second call got no answer', () => {
    expect(tellingFacts(status(488), facts({ failure: { kind: 'no-answer' } }))).toEqual(status(488));
    expect(tellingFacts(status(488), facts({ failure: { kind: 'transport', failure: 'refused' } }))).toEqual(status(488));
  });

  it('should keep the plain refusal where both were refused, with what the second said of encryption', () => {
    expect(tellingFacts(status(606), status(488))).toEqual(status(606));
    expect(tellingFacts(status(488), { ...status(488), encryptionHinted: true })).toMatchObject({ encryptionHinted: true });
  });
});
