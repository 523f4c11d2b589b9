import { evidenceFacts } from './evidence.js';

const of = (outcome: Record<string, unknown>) =>
  evidenceFacts({ endpointId: 'a-1', siteName: 'Xã A', reason: 'no-answer', since: null, outcome });

it('takes messages, hops and plain details of the outcome', () => {
  const facts = of({
    kind: 'sip-call',
    startedAt: '2026-11-23T00:00:00Z',
    detail: { status: 408, note: '', nested: { a: 1 }, lastHop: null },
    evidence: {
      ladder: [{ atMs: 0, direction: 'sent', summary: 'INVITE sip:x', text: '...' }],
      trace: [
        { ttl: 1, address: '10.0.0.1', rttMs: 1.5 },
        { ttl: 2, address: null, rttMs: null },
      ],
    },
  });
  expect(facts.messages).toEqual([{ atMs: 0, sent: true, summary: 'INVITE sip:x' }]);
  expect(facts.hops).toEqual([
    { address: '10.0.0.1', rttMs: 1.5 },
    { address: null, rttMs: null },
  ]);
  expect(facts.details).toEqual([['status', '408']]);
});

it.each([{}, { evidence: 'cut' }, { evidence: { ladder: [null, 3, { atMs: 'x' }], trace: {} }, detail: [] }])(
  'shows nothing of what has another shape: %j',
  (outcome) => expect(of(outcome)).toMatchObject({ messages: [], hops: [], details: [] }),
);
