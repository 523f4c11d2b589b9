import fc from 'fast-check';
import { tagOf } from './headers.js';
import { parseSipMessage, serializeSipMessage } from './message.js';
import { CallBench, PEER_SDP } from './testing/call-bench.js';
import { answer } from './testing/wire.js';

type Step = (bench: CallBench) => void;

const statuses = fc.constantFrom(100, 180, 183, 200, 200, 302, 401, 407, 486, 487, 503);
const reliable: [string, string][] = [
  ['Require', '100rel'],
  ['RSeq', '1'],
];
const tags = fc.constantFrom('peer', 'second', 'third');
const challenge: [string, string][] = [
  ['WWW-Authenticate', 'Digest realm="r", nonce="n"'],
  ['Proxy-Authenticate', 'Digest realm="r", nonce="n"'],
];

const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(statuses, tags).map(([status, toTag]): Step => (bench) => {
    bench.answer(bench.invite, status, { toTag, body: PEER_SDP, headers: status < 200 ? reliable : challenge });
  }),
  fc.tuple(fc.constantFrom('BYE', 'CANCEL'), fc.constantFrom(200, 401, 481)).map(([method, status]): Step => (bench) => {
    for (const request of bench.wire.requests(method)) bench.answer(request, status, { headers: challenge });
  }),
  fc
    .tuple(fc.constantFrom('BYE', 'INVITE', 'UPDATE', 'INFO', 'ACK', 'CANCEL'), fc.boolean(), fc.integer({ min: 1, max: 120 }))
    .map(([method, offers, cseq]): Step => (bench) => {
      bench.peerRequest(method, { cseq, body: offers ? PEER_SDP : undefined });
    }),
  fc.integer({ min: 1, max: 40_000 }).map(
    (byMs): Step =>
      (bench) =>
        bench.scheduler.advance(byMs),
  ),
  fc.constant<Step>((bench) => bench.call.hangUp()),
);

const play = (all: Step[], protocol: 'UDP' | 'TCP'): CallBench => {
  const bench = new CallBench({ credentials: { user: 'u', password: 'p' }, answerOf: () => PEER_SDP }, protocol);
  for (const step of all) step(bench);
  bench.call.hangUp();
  bench.scheduler.advance(300_000);
  return bench;
};

const ofAnyKind = fc.tuple(fc.array(steps, { maxLength: 25 }), fc.constantFrom('UDP' as const, 'TCP' as const));

describe('whatever a peer does, in any order', () => {
  it('the call ends, tells each thing once, and leaves no timer', () => {
    fc.assert(
      fc.property(ofAnyKind, ([all, protocol]) => {
        const bench = play(all, protocol);
        const count = (type: string): number => bench.told.filter((told) => told === type).length;
        expect(bench.call.finished).toBe(true);
        expect(count('finished')).toBe(1);
        expect(count('answered')).toBeLessThanOrEqual(1);
        expect(count('failed') + count('ended')).toBe(1);
        expect(bench.scheduler.pendingCount).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('no leg is left in a call: each that we acknowledged was ended by one side', () => {
    fc.assert(
      fc.property(ofAnyKind, ([all, protocol]) => {
        const bench = play(all, protocol);
        const legsOf = (method: string): Set<string> =>
          new Set(
            bench.wire
              .requests(method)
              .flatMap((request) =>
                acknowledgesSuccess(bench, request.headers.get('Via')) ? [tagOf(request.headers.get('To')) ?? ''] : [],
              ),
          );
        const peerEnded = bench.wire.timesOf('200 BYE').length > 0 ? ['peer'] : [];
        const ended = new Set([...legsOf('BYE'), ...peerEnded]);
        expect([...legsOf('ACK')].filter((tag) => !ended.has(tag))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('messages with spoilt bytes are refused or borne, and each is answered a bounded number of times', () => {
    const damage = fc.array(fc.tuple(fc.nat(2_000), fc.integer({ min: 0, max: 255 })), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(fc.tuple(statuses, damage), { maxLength: 12 }), (all) => {
        const bench = new CallBench({ answerOf: () => PEER_SDP });
        for (const [status, spoilt] of all) {
          const bytes = serializeSipMessage(answer(bench.invite, status, { body: PEER_SDP, headers: challenge }));
          for (const [at, value] of spoilt) bytes[at % bytes.length] = value;
          const message = parseSipMessage(bytes);
          if (message.ok) bench.call.receive(message.value);
        }
        // the INVITE; for each message at most an ACK and a BYE, or a CANCEL
        expect(bench.wire.sent.length).toBeLessThanOrEqual(1 + 2 * all.length);
        bench.call.hangUp();
        bench.scheduler.advance(300_000);
        expect([bench.call.finished, bench.scheduler.pendingCount]).toEqual([true, 0]);
      }),
      { numRuns: 300 },
    );
  });
});

/** The ACK to a refusal shares its branch with the INVITE; that of a 2xx, and a BYE, do not (RFC 3261 section 17.1.1.3). */
function acknowledgesSuccess(bench: CallBench, via: string | undefined): boolean {
  return !bench.wire.requests('INVITE').some((invite) => invite.headers.get('Via') === via);
}
