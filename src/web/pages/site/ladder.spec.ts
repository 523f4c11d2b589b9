import { hopsOf, rungsOf } from './ladder.js';

describe(rungsOf.name, () => {
  it('takes the messages in order', () => {
    const ladder = [
      { atMs: 0, direction: 'sent', summary: 'INVITE sip:room@10.0.0.1', text: 'INVITE ...' },
      { atMs: 12.5, direction: 'received', summary: '486 Busy Here' },
    ];
    expect(rungsOf({ ladder })).toEqual([
      { atMs: 0, sent: true, summary: 'INVITE sip:room@10.0.0.1', text: 'INVITE ...' },
      { atMs: 12.5, sent: false, summary: '486 Busy Here', text: '' },
    ]);
  });

  it.each([undefined, null, 'x', { ladder: 'x' }, { ladder: [null, 7, { atMs: '0', summary: 'x' }, { atMs: 0 }] }])(
    'leaves out what it does not know: %j',
    (evidence) => expect(rungsOf(evidence)).toEqual([]),
  );
});

it('counts the hops of a trace, also those that did not answer', () => {
  expect(hopsOf({ trace: [{ ttl: 1, address: '10.0.0.1', rttMs: 0.4 }, { address: null }, 'x'] })).toEqual([
    { ttl: 1, address: '10.0.0.1', rttMs: 0.4 },
    { ttl: 2, address: null, rttMs: null },
    { ttl: 3, address: null, rttMs: null },
  ]);
});
