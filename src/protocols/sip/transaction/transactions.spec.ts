import { ManualScheduler } from '../../../common/manual-scheduler.js';
import { serializeSipMessage, type SipRequest, type SipResponse } from '../message.js';
import { buildRequest } from '../request.js';
import { answer, Wire } from '../testing/wire.js';
import { InviteClientTransaction } from './invite-client.js';
import { InviteServerTransaction } from './invite-server.js';
import { clientTransactionKey, serverTransactionKey } from './keys.js';
import { NonInviteClientTransaction } from './non-invite-client.js';
import { NonInviteServerTransaction } from './non-invite-server.js';

type Protocol = 'UDP' | 'TCP';

function requestOn(transport: Wire, method: string, branch = 'z9hG4bKone'): SipRequest {
  const uri = 'sip:room@198.51.100.7';
  const routes = ['<sip:proxy.example;lr>'];
  return buildRequest({
    method,
    uri,
    routes,
    from: '<sip:us@h>;tag=us',
    to: `<${uri}>`,
    callId: 'call',
    cseq: 9,
    branch,
    transport,
  });
}

class Recorder {
  readonly events: string[] = [];
  constructor(private readonly scheduler: ManualScheduler) {}
  readonly onResponse = (response: SipResponse): void => void this.events.push(`${response.status}`);
  readonly onTimeout = (): void => void this.events.push(`timeout@${this.scheduler.monotonicMs()}`);
  readonly onTerminated = (): void => void this.events.push(`terminated@${this.scheduler.monotonicMs()}`);
  readonly onAck = (): void => void this.events.push(`ack@${this.scheduler.monotonicMs()}`);
}

function setUp(protocol: Protocol) {
  const scheduler = new ManualScheduler();
  return { scheduler, wire: new Wire(scheduler, protocol), seen: new Recorder(scheduler) };
}

describe('INVITE client, RFC 3261 section 17.1.1', () => {
  function invite(protocol: Protocol = 'UDP') {
    const parts = setUp(protocol);
    const request = requestOn(parts.wire, 'INVITE');
    return { ...parts, request, transaction: new InviteClientTransaction(request, parts.wire, parts.scheduler, parts.seen) };
  }

  it('timers A and B: resends doubling without a cap, gives up after 64*T1', () => {
    const { scheduler, wire, seen } = invite();
    scheduler.advance(60_000);
    expect(wire.timesOf('INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500]);
    expect(seen.events).toEqual(['timeout@32000', 'terminated@32000']);
    expect(scheduler.pendingCount).toBe(0);
  });

  it('reliable transports send once and still give up', () => {
    const { scheduler, wire, seen } = invite('TCP');
    scheduler.advance(60_000);
    expect(wire.timesOf('INVITE')).toEqual([0]);
    expect(seen.events).toEqual(['timeout@32000', 'terminated@32000']);
  });

  it('a provisional ends timers A and B', () => {
    const { scheduler, wire, seen, request, transaction } = invite();
    scheduler.advance(600);
    transaction.receive(answer(request, 100));
    scheduler.advance(120_000);
    transaction.receive(answer(request, 180));
    expect(wire.timesOf('INVITE')).toEqual([0, 500]);
    expect(seen.events).toEqual(['100', '180']);
  });

  it.each([
    ['UDP', 32_000],
    ['TCP', 0],
  ] as const)('timer D over %s: a refusal is acknowledged for %d ms, each copy again', (protocol, lastsMs) => {
    const { scheduler, wire, seen, request, transaction } = invite(protocol);
    transaction.receive(answer(request, 486));
    transaction.receive(answer(request, 486));
    scheduler.advance(100_000);
    expect(seen.events).toEqual(['486', `terminated@${lastsMs}`]);
    expect(wire.requests('ACK')).toHaveLength(lastsMs > 0 ? 2 : 1);
  });

  it('the ACK of a refusal is the one of 17.1.1.3: same URI, branch, routes; To of the response', () => {
    const { wire, request, transaction } = invite();
    transaction.receive(answer(request, 404, { toTag: 'proxy' }));
    const ack = wire.request('ACK');
    expect(ack.uri).toBe(request.uri);
    expect(ack.headers.getAll('Via')).toEqual(request.headers.getAll('Via'));
    expect(ack.headers.getAll('Route')).toEqual(['<sip:proxy.example;lr>']);
    expect(ack.headers.get('To')).toBe('<sip:room@198.51.100.7>;tag=proxy');
    expect(ack.headers.get('CSeq')).toBe('9 ACK');
  });

  it('timer M (RFC 6026): every 2xx goes up for 64*T1 and none is acknowledged here', () => {
    const { scheduler, wire, seen, request, transaction } = invite();
    transaction.receive(answer(request, 200));
    transaction.receive(answer(request, 200, { toTag: 'other' }));
    transaction.receive(answer(request, 486));
    scheduler.advance(40_000);
    transaction.receive(answer(request, 200));
    expect(seen.events).toEqual(['200', '200', 'terminated@32000']);
    expect(wire.summary).toEqual(['INVITE']);
  });

  it('stopRetransmitting keeps listening until timer B', () => {
    const { scheduler, wire, seen, request, transaction } = invite();
    scheduler.advance(5_000);
    transaction.stopRetransmitting();
    scheduler.advance(20_000);
    transaction.receive(answer(request, 180));
    expect(wire.timesOf('INVITE')).toEqual([0, 500, 1_500, 3_500]);
    expect(seen.events).toEqual(['180']);
  });
});

describe('non-INVITE client, RFC 3261 section 17.1.2', () => {
  function options(protocol: Protocol = 'UDP') {
    const parts = setUp(protocol);
    const request = requestOn(parts.wire, 'OPTIONS');
    const bytes = serializeSipMessage(request);
    return { ...parts, request, transaction: new NonInviteClientTransaction(bytes, parts.wire, parts.scheduler, parts.seen) };
  }

  it('timers E and F: resends doubling up to T2, gives up after 64*T1', () => {
    const { scheduler, wire, seen } = options();
    scheduler.advance(60_000);
    expect(wire.timesOf('OPTIONS')).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(seen.events).toEqual(['timeout@32000', 'terminated@32000']);
  });

  it('a provisional slows timer E to T2 and leaves timer F', () => {
    const { scheduler, wire, seen, request, transaction } = options();
    scheduler.advance(200);
    transaction.receive(answer(request, 100));
    scheduler.advance(60_000);
    expect(wire.timesOf('OPTIONS')).toEqual([0, 500, 4_500, 8_500, 12_500, 16_500, 20_500, 24_500, 28_500]);
    expect(seen.events).toEqual(['100', 'timeout@32000', 'terminated@32000']);
  });

  it.each([
    ['UDP', 5_000],
    ['TCP', 0],
  ] as const)('timer K over %s: copies of the final response are absorbed for %d ms', (protocol, lastsMs) => {
    const { scheduler, seen, request, transaction } = options(protocol);
    transaction.receive(answer(request, 200));
    transaction.receive(answer(request, 200));
    scheduler.advance(100_000);
    expect(seen.events).toEqual(['200', `terminated@${lastsMs}`]);
    expect(scheduler.pendingCount).toBe(0);
  });
});

describe('INVITE server, RFC 3261 section 17.2.1 and RFC 6026', () => {
  function incoming(protocol: Protocol = 'UDP') {
    const parts = setUp(protocol);
    const request = requestOn(parts.wire, 'INVITE');
    const ack: SipRequest = { ...request, method: 'ACK' };
    return { ...parts, request, ack, transaction: new InviteServerTransaction(request, parts.wire, parts.scheduler, parts.seen) };
  }

  it('a copy of the INVITE gets the last response again, nothing before the first', () => {
    const { wire, request, transaction } = incoming();
    transaction.receive(request);
    transaction.respond(answer(request, 180));
    transaction.receive(request);
    expect(wire.summary).toEqual(['180 INVITE', '180 INVITE']);
  });

  it('timers G and H: a refusal is resent doubling up to T2 until 64*T1', () => {
    const { scheduler, wire, seen, request, transaction } = incoming();
    transaction.respond(answer(request, 486));
    scheduler.advance(60_000);
    expect(wire.timesOf('486 INVITE')).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500]);
    expect(seen.events).toEqual(['timeout@32000', 'terminated@32000']);
  });

  it('timer G does not run on reliable transports', () => {
    const { scheduler, wire, request, transaction } = incoming('TCP');
    transaction.respond(answer(request, 486));
    scheduler.advance(60_000);
    expect(wire.timesOf('486 INVITE')).toEqual([0]);
  });

  it.each([
    ['UDP', 6_000],
    ['TCP', 1_000],
  ] as const)('timer I over %s: after the ACK the transaction ends at %d ms', (protocol, endMs) => {
    const { scheduler, wire, seen, request, ack, transaction } = incoming(protocol);
    transaction.respond(answer(request, 486));
    scheduler.advance(1_000);
    transaction.receive(ack);
    const sentUntilAck = wire.sent.length;
    scheduler.advance(60_000);
    expect(wire.sent).toHaveLength(sentUntilAck);
    expect(seen.events).toEqual([`terminated@${endMs}`]);
  });

  it.each(['UDP', 'TCP'] as const)('a 2xx over %s is resent until its ACK (13.3.1.4), then timer L absorbs', (protocol) => {
    const { scheduler, wire, seen, request, ack, transaction } = incoming(protocol);
    transaction.respond(answer(request, 200));
    scheduler.advance(4_000);
    transaction.receive(ack);
    transaction.receive(ack);
    transaction.receive(request);
    scheduler.advance(60_000);
    expect(wire.timesOf('200 INVITE')).toEqual([0, 500, 1_500, 3_500]);
    expect(seen.events).toEqual(['ack@4000', 'terminated@32000']);
  });

  it('a 2xx without ACK times out after 64*T1', () => {
    const { scheduler, seen, request, transaction } = incoming();
    transaction.respond(answer(request, 200));
    scheduler.advance(60_000);
    expect(seen.events).toEqual(['timeout@32000', 'terminated@32000']);
  });

  it('answers finally only once', () => {
    const { wire, request, transaction } = incoming();
    transaction.respond(answer(request, 486));
    transaction.respond(answer(request, 200));
    expect(wire.summary).toEqual(['486 INVITE']);
  });
});

describe('non-INVITE server, RFC 3261 section 17.2.2', () => {
  it.each([
    ['UDP', 32_000],
    ['TCP', 0],
  ] as const)('timer J over %s: the response is repeated for %d ms', (protocol, lastsMs) => {
    const { scheduler, wire, seen } = setUp(protocol);
    const request = requestOn(wire, 'BYE');
    const transaction = new NonInviteServerTransaction(request, wire, scheduler, seen);
    transaction.receive(request);
    transaction.respond(answer(request, 200));
    transaction.receive(request);
    scheduler.advance(60_000);
    transaction.receive(request);
    expect(wire.summary).toEqual(lastsMs > 0 ? ['200 BYE', '200 BYE'] : ['200 BYE']);
    expect(seen.events).toEqual([`terminated@${lastsMs}`]);
  });
});

describe('matching, RFC 3261 section 17.1.3 and 17.2.3', () => {
  const { wire } = setUp('UDP');
  const invite = requestOn(wire, 'INVITE');

  it('a response belongs to the request of its branch and method', () => {
    expect(clientTransactionKey(answer(invite, 200))).toBe(clientTransactionKey(invite));
    const cancel = requestOn(wire, 'CANCEL');
    expect(clientTransactionKey(answer(cancel, 200))).not.toBe(clientTransactionKey(invite));
  });

  it('an ACK belongs to its INVITE, a CANCEL does not', () => {
    expect(serverTransactionKey(requestOn(wire, 'ACK'))).toBe(serverTransactionKey(invite));
    expect(serverTransactionKey(requestOn(wire, 'CANCEL'))).not.toBe(serverTransactionKey(invite));
  });

  it('the sender is part of the key', () => {
    const other = requestOn(wire, 'INVITE');
    other.headers.set('Via', 'SIP/2.0/UDP 203.0.113.9;branch=z9hG4bKone');
    expect(serverTransactionKey(other)).not.toBe(serverTransactionKey(invite));
  });

  it('without the magic cookie the call and CSeq stand in for the branch', () => {
    const old = requestOn(wire, 'INVITE', '1');
    const copy = requestOn(wire, 'ACK', '1');
    const next = requestOn(wire, 'INVITE', '1');
    next.headers.set('CSeq', '10 INVITE');
    expect(serverTransactionKey(copy)).toBe(serverTransactionKey(old));
    expect(serverTransactionKey(next)).not.toBe(serverTransactionKey(old));
  });
});
