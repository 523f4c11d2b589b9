import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { ProberHost } from '../../src/prober/host/prober-host.js';
import { createResponse, parseSipMessage, serializeSipMessage, type SipRequest } from '../../src/protocols/sip/message.js';
import { until } from '../fixtures/prober-processes.js';

// the built one: `npm run build:server` first
const entry = fileURLToPath(new URL('../../dist/prober.js', import.meta.url));
const SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n';

/** A codec of a kind: it rings, answers when told to, and remembers what it was told. */
class Codec {
  readonly heard: SipRequest[] = [];
  readonly ports = new Set<number>();
  private invite?: { request: SipRequest; from: RemoteInfo };

  constructor(
    private readonly socket: Socket,
    private readonly answers: boolean,
  ) {
    socket.on('message', (bytes, from) => this.receive(bytes, from));
  }

  of(method: string): SipRequest[] {
    return this.heard.filter((request) => request.method === method);
  }

  private receive(bytes: Buffer, from: RemoteInfo): void {
    const message = parseSipMessage(bytes);
    if (!message.ok || message.value.kind !== 'request') return;
    const request = message.value;
    this.heard.push(request);
    this.ports.add(from.port);
    if (request.method === 'INVITE') {
      this.invite = { request, from };
      this.reply(request, from, 180);
      if (this.answers) this.reply(request, from, 200, SDP);
    } else if (request.method !== 'ACK') {
      this.reply(request, from, 200);
      if (request.method === 'CANCEL' && this.invite) this.reply(this.invite.request, this.invite.from, 487);
    }
  }

  private reply(request: SipRequest, from: RemoteInfo, status: number, body?: string): void {
    const contact = `<sip:codec@127.0.0.1:${this.socket.address().port}>`;
    const response = createResponse(request, status, undefined, { toTag: 'codec', contact, body });
    this.socket.send(serializeSipMessage(response), from.port, from.address);
  }
}

describe('a prober that is killed in mid-call', () => {
  let host: ProberHost;
  let socket: Socket;
  let directory: string;

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'calls-'));
    socket = createSocket('udp4').bind(0, '127.0.0.1');
    await once(socket, 'listening');
    const backoff = { minMs: 50, maxMs: 400 };
    host = new ProberHost({ entry, directories: { calls: directory }, log: pino({ level: 'silent' }), backoff });
    host.onOutcomes(() => Promise.resolve());
  });
  afterEach(async () => {
    await host.stop();
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    rmSync(directory, { recursive: true });
  });

  /** What tells of calls that stand; whom to leave alone for a while stands beside it and stays. */
  const journals = (): string[] => readdirSync(directory).filter((name) => name !== 'pauses.jsonl');

  const call = (target: string): void => {
    const item = { endpointId: 'e', kind: 'sip-call' as const, target, options: { holdS: 12 }, intervalMs: 3_600_000 };
    host.setPlan({
      revision: 1,
      vantage: 'here',
      items: [{ ...item, area: 'a', carrier: 'c' }],
      concurrency: { 'sip-call': 1, 'h323-call': 1, icmp: 1, tcp: 1, 'sip-options': 1, 'h323-ping': 1 },
      firstRoundMs: 1,
      orphanStopMs: 60_000,
    });
    host.start();
  };
  /** the successor must not place a call of its own: what we look at are the remains of the first */
  const kill = (): void => {
    host.setPlan({ revision: 2, vantage: 'here', items: [], concurrency: {} as never, firstRoundMs: 1, orphanStopMs: 60_000 });
    process.kill(host.pid as number, 'SIGKILL');
  };

  it('leaves no ghost call: its successor sends BYE in the dialog', async () => {
    const codec = new Codec(socket, true);
    call(`sip:codec@127.0.0.1:${socket.address().port}`);
    await until(() => codec.of('ACK').length > 0);
    kill();
    await until(() => codec.of('BYE').length > 0);
    const [invite, bye] = [codec.of('INVITE')[0], codec.of('BYE')[0]];
    for (const name of ['Call-ID', 'From']) expect(bye?.headers.get(name)).toBe(invite?.headers.get(name));
    expect(bye?.headers.get('To')).toContain('tag=codec');
    expect(bye?.headers.get('CSeq')).toBe('2 BYE');
    // and what was ended is not ended again
    await host.stop();
    expect(journals()).toEqual([]);
  });

  it('lets nobody ring on: CANCEL with the branch of the INVITE, from the port it came from', async () => {
    const codec = new Codec(socket, false);
    call(`sip:codec@127.0.0.1:${socket.address().port}`);
    await until(() => codec.of('INVITE').length > 0);
    kill();
    await until(() => codec.of('CANCEL').length > 0 && codec.of('ACK').length > 0);
    expect(codec.of('CANCEL')[0]?.headers.get('Via')).toBe(codec.of('INVITE')[0]?.headers.get('Via'));
    expect(codec.ports.size).toBe(1);
    await host.stop();
    expect(journals()).toEqual([]);
  });
});
