import { ManualScheduler } from '../../common/manual-scheduler.js';
import { type DialogStateFacts, DialogStateFetch } from './dialog-state-fetch.js';
import { SipHeaders } from './headers.js';
import { createResponse, type SipRequest } from './message.js';
import { countingRandom, Wire } from './testing/wire.js';

const INFO = '<dialog-info><dialog id="1"><state>confirmed</state></dialog></dialog-info>';

function bench() {
  const scheduler = new ManualScheduler();
  const wire = new Wire(scheduler);
  const facts: DialogStateFacts[] = [];
  const config = {
    target: { scheme: 'sip' as const, user: 'room', host: '198.51.100.7', params: {} },
    from: { uri: { scheme: 'sip' as const, user: 'us', host: '192.0.2.1', params: {} }, params: {} },
    userAgent: 'test',
    timeoutMs: 3_000,
  };
  const fetch = new DialogStateFetch(config, { transport: wire, scheduler, random: countingRandom() }, (one) => facts.push(one));
  fetch.start();
  const subscribe = wire.sent[0]?.message as SipRequest;
  const answer = (status: number): void => fetch.receive(createResponse(subscribe, status, undefined, { toTag: 'peer' }));
  const notify = (body: string, state = 'terminated;reason=timeout', to = subscribe.headers.get('From') ?? ''): void => {
    const headers = new SipHeaders();
    for (const [name, value] of [
      ['Via', 'SIP/2.0/UDP 198.51.100.7;branch=z9hG4bKpeer'],
      ['From', `${subscribe.headers.get('To')};tag=peer`],
      ['To', to],
      ['Call-ID', subscribe.headers.get('Call-ID') ?? ''],
      ['CSeq', '1 NOTIFY'],
      ['Subscription-State', state],
    ] as const)
      headers.append(name, value);
    fetch.receive({ kind: 'request', method: 'NOTIFY', uri: 'sip:us@192.0.2.1', headers, body });
  };
  return { scheduler, wire, facts, fetch, subscribe, answer, notify };
}

describe(DialogStateFetch.name, () => {
  it('asks for one NOTIFY that leaves no subscription, and takes it before the answer too', () => {
    const { wire, facts, subscribe, notify, answer, scheduler } = bench();
    expect(['Event', 'Expires', 'Accept'].map((name) => subscribe.headers.get(name))).toEqual([
      'dialog',
      '0',
      'application/dialog-info+xml',
    ]);
    notify(INFO);
    answer(200);
    scheduler.advance(60_000);
    expect(wire.summary).toEqual(['SUBSCRIBE', '200 NOTIFY']);
    expect(facts).toEqual([{ answer: 'told', phases: ['confirmed'] }]);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('ends what a device keeps although it was not asked to', () => {
    const { wire, facts, answer, notify } = bench();
    answer(200);
    notify('', 'active;expires=3600');
    expect(facts).toEqual([]);
    notify(INFO, 'active;expires=3600');
    expect(facts).toHaveLength(1);
    const again = wire.sent
      .map(({ message }) => message)
      .filter((one) => one.kind === 'request' && one.method === 'SUBSCRIBE')[1];
    expect(again?.headers.get('Expires')).toBe('0');
    expect(again?.headers.get('To')).toContain('tag=peer');
  });

  it('says what refused it, what it could not read, and that nothing came', () => {
    const refused = bench();
    refused.answer(489);
    expect(refused.facts).toEqual([{ answer: 'refused', status: 489 }]);
    const odd = bench();
    odd.notify('<dialog-info>');
    expect(odd.facts).toMatchObject([{ answer: 'unreadable' }]);
    const silent = bench();
    silent.answer(202);
    silent.scheduler.advance(3_000);
    expect(silent.facts).toEqual([{ answer: 'none' }]);
  });

  it('refuses a NOTIFY that is not for it', () => {
    const { wire, facts, notify } = bench();
    notify(INFO, undefined, '<sip:us@192.0.2.1>;tag=another');
    expect(wire.summary).toEqual(['SUBSCRIBE', '481 NOTIFY']);
    expect(facts).toEqual([]);
  });
});
