import { ManualScheduler } from '../common/manual-scheduler.js';
import { ok } from '../common/result.js';
import { internetChecksum, parseIcmp } from '../protocols/icmp/icmp-message.js';
import { type EchoError, EchoExchange, type EchoReply, type EchoSocket, type EchoWaiter } from './icmp-echo-exchange.js';

const NONCE = 0xabcd_1234;
const TARGET = '192.0.2.7';
const ROUTER = '203.0.113.1';

/** A socket that keeps what it is given to send. */
class Wire implements EchoSocket {
  readonly sent: Buffer[] = [];
  waiting = false;
  constructor(readonly unprivileged = false) {}
  send(message: Buffer, length: number): ReturnType<EchoSocket['send']> {
    this.sent.push(Buffer.from(message.subarray(0, length)));
    return ok(undefined);
  }
  setWaiting(waiting: boolean): void {
    this.waiting = waiting;
  }
  receive(): void {}
  close(): void {}
}

class Waiter implements EchoWaiter {
  readonly replies: (EchoReply & { index: number })[] = [];
  readonly errors: (EchoError & { index: number })[] = [];
  replied(index: number, reply: EchoReply): void {
    this.replies.push({ index, ...reply });
  }
  failed(index: number, error: EchoError): void {
    this.errors.push({ index, ...error });
  }
}

function bench({ first = 7, unprivileged = false } = {}) {
  const scheduler = new ManualScheduler();
  const wire = new Wire(unprivileged);
  const randoms = [NONCE, first];
  const random = { token: () => '', uint32: () => randoms.shift() ?? 0 };
  const clock = { realtimeNs: () => scheduler.wallMs() * 1e6, monotonicMs: () => scheduler.monotonicMs() };
  const exchange = new EchoExchange({ 4: wire, 6: wire }, clock, random);
  const waiter = new Waiter();
  const send = (index = 0, address = TARGET): Buffer => {
    exchange.send({ address, payloadBytes: 56 }, waiter, index);
    return wire.sent.at(-1) as Buffer;
  };
  const receive = (icmp: Buffer, source = TARGET): void => {
    exchange.received(4, withChecksum(icmp), { data: icmp, source, sourcePort: 0, stampNs: clock.realtimeNs(), ttl: 60 });
  };
  return { scheduler, exchange, wire, waiter, send, receive, clock };
}

function withChecksum(message: Buffer): Buffer {
  message.writeUInt16BE(0, 2);
  message.writeUInt16BE(internetChecksum(message), 2);
  return message;
}

const replyTo = (request: Buffer): Buffer => Buffer.concat([Buffer.of(0), request.subarray(1)]);

/** RFC 792: an error with the IP header and so many bytes of what it is about */
function errorAbout(request: Buffer, { type = 11, code = 0, to = TARGET, quoted = 8, mtu = 0 } = {}): Buffer {
  const ip = Buffer.from([0x45, 0, 0, 84, 0, 0, 0, 0, 1, 1, 0, 0, 10, 0, 0, 1, ...to.split('.').map(Number)]);
  return Buffer.concat([Buffer.of(type, code, 0, 0, 0, 0, mtu >> 8, mtu & 255), ip, request.subarray(0, quoted)]);
}

describe(EchoExchange.name, () => {
  it('times a reply by the stamp, not by when it is read', () => {
    const { scheduler, exchange, waiter, send, clock } = bench();
    const reply = replyTo(send(3));
    scheduler.advance(12);
    const stampNs = clock.realtimeNs();
    scheduler.advance(500);
    exchange.received(4, withChecksum(reply), { data: reply, source: TARGET, sourcePort: 0, stampNs, ttl: 60 });
    expect(waiter.replies).toMatchObject([{ index: 3, rttMs: 12, clock: 'kernel', from: TARGET, ttl: 60 }]);
  });

  it.each([-3_600_000, 3_600_000])('takes the monotonic clock when the wall clock stepped by %i ms, and says so', (stepMs) => {
    const { scheduler, waiter, send, receive } = bench();
    const request = send();
    scheduler.advance(20);
    scheduler.stepWall(stepMs);
    receive(replyTo(request));
    expect(waiter.replies).toMatchObject([{ rttMs: 20, clock: 'user' }]);
  });

  it('takes the monotonic clock where the kernel gave no stamp', () => {
    const { scheduler, exchange, waiter, send } = bench();
    const reply = replyTo(send());
    scheduler.advance(5);
    exchange.received(4, withChecksum(reply), { data: reply, source: TARGET, sourcePort: 0 });
    expect(waiter.replies).toMatchObject([{ rttMs: 5, clock: 'user' }]);
  });

  it('hands on every copy of a reply', () => {
    const { waiter, send, receive } = bench();
    const request = send();
    receive(replyTo(request));
    receive(replyTo(request));
    expect(waiter.replies).toHaveLength(2);
  });

  const nonceAt = 8;
  const numberAt = 12;
  it.each<[string, (reply: Buffer) => void]>([
    ['the identifier of another program', (reply) => reply.writeUInt16BE(0x9999, 4)],
    ['another sequence', (reply) => reply.writeUInt16BE(8, 6)],
    ['a payload of somebody else with our identifier', (reply) => reply.writeUInt32BE(1, nonceAt)],
    ['a number that we never sent', (reply) => reply.writeUInt32BE(0x1_0007, numberAt)],
  ])('does not take for a reply what carries %s', (_what, spoil) => {
    const { waiter, send, receive } = bench();
    const reply = replyTo(send());
    spoil(reply);
    receive(reply);
    expect(waiter.replies).toEqual([]);
  });

  it('does not take a reply from another address, one cut short or one that was forgotten', () => {
    const { exchange, waiter, send, receive, wire } = bench();
    const reply = replyTo(send());
    receive(reply, '192.0.2.8');
    receive(Buffer.from(reply.subarray(0, 12)));
    expect(wire.waiting).toBe(true);
    exchange.forget([7]);
    expect(wire.waiting).toBe(false);
    receive(reply);
    expect(waiter.replies).toEqual([]);
  });

  it('keeps requests apart when number and sequence wrap', () => {
    const { waiter, send, receive } = bench({ first: 0xffff_fffe });
    const requests = [0, 1, 2, 3].map((index) => send(index));
    expect(requests.map((request) => request.readUInt16BE(6))).toEqual([0xfffe, 0xffff, 0, 1]);
    for (const request of requests.reverse()) receive(replyTo(request));
    expect(waiter.replies.map(({ index }) => index)).toEqual([3, 2, 1, 0]);
  });

  it('finds by the header alone which request an error is about, and by the mark where more is quoted', () => {
    const { waiter, send, receive } = bench();
    const [first, second] = [send(0), send(1)];
    receive(errorAbout(first), ROUTER);
    receive(errorAbout(second, { type: 3, code: 4, mtu: 1400, quoted: 64 }), ROUTER);
    expect(waiter.errors).toMatchObject([
      { index: 0, kind: 'ttl-exceeded', from: ROUTER, clock: 'kernel' },
      { index: 1, kind: 'fragmentation-needed', mtu: 1400, from: ROUTER },
    ]);
  });

  it('blames no request of ours for an error about another destination, program or payload', () => {
    const { waiter, send, receive } = bench();
    const request = send();
    receive(errorAbout(request, { to: '192.0.2.8' }), ROUTER);
    receive(errorAbout(request, { to: '192.0.2.8', quoted: 64 }), ROUTER);
    const foreign = Buffer.from(request);
    foreign.writeUInt16BE(0x9999, 4);
    receive(errorAbout(foreign), ROUTER);
    const sameHeader = Buffer.from(request);
    sameHeader.writeUInt32BE(1, nonceAt);
    receive(errorAbout(sameHeader, { quoted: 64 }), ROUTER);
    expect(waiter.errors).toEqual([]);
  });

  it("reads a ping socket's error queue: the kernel's identifier, and to whom the request went", () => {
    const { exchange, waiter, send } = bench({ unprivileged: true });
    const request = send(2);
    request.writeUInt16BE(0x4444, 4);
    const error = { errno: 113, icmpType: 11, icmpCode: 0, info: 0, from: ROUTER };
    const about = (data: Buffer, source: string) => exchange.refused(4, data, error, { data, source, sourcePort: 0 });
    about(request.subarray(0, 8), '192.0.2.8');
    about(Buffer.of(1, 2, 3), TARGET);
    expect(waiter.errors).toEqual([]);
    about(request.subarray(0, 8), TARGET);
    about(request, TARGET);
    expect(waiter.errors).toMatchObject([
      { index: 2, kind: 'ttl-exceeded', from: ROUTER },
      { index: 2, kind: 'ttl-exceeded', from: ROUTER },
    ]);
  });

  it('refuses an address with a zone instead of failing on it, and writes what can be parsed', () => {
    const { exchange, waiter, send } = bench();
    expect(exchange.send({ address: 'fe80::1%eth0', payloadBytes: 56 }, waiter, 0)).toEqual({ ok: false, error: 'refused-here' });
    expect(parseIcmp(send(), 4)).toMatchObject({ ok: true, value: { type: 'echo-request', id: NONCE & 0xffff, sequence: 7 } });
  });
});
