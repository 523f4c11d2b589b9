import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Scheduler, systemClock } from '../common/clock.js';
import { systemRandom } from '../common/random.js';
import type { MediaPool } from '../media/contract.js';
import { createResponse, type ResponseOptions, serializeSipMessage, type SipRequest } from '../protocols/sip/message.js';
import { SipStreamFramer } from '../protocols/sip/stream-framer.js';
import type { Outcome } from './contract.js';
import { parseProbeOptions, probeOf } from './registry.js';
import type { StandingCall } from './standing-call.js';

const PASSWORD_VARIABLE = 'SIP_PASSWORD_RELEASE_SPEC';
const SDP = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 20000 RTP/AVP 8', ''].join('\r\n');
const CHALLENGE: [string, string] = ['WWW-Authenticate', 'Digest realm="room", nonce="n1", algorithm=SHA-256, qop="auth"'];

/** Timers that do not keep the test run alive: the state of a call is kept for 40 s, on purpose. */
const scheduler: Scheduler = {
  ...systemClock,
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

const silentMedia: MediaPool = {
  open: () =>
    Promise.resolve({
      ports: { audio: { rtp: 40_000, rtcp: 40_001 } },
      start: () => undefined,
      onLost: () => undefined,
      onKeyframeMissing: () => undefined,
      stop: () => Promise.resolve({ activeMs: 0, pacingLateMs: 0, clock: 'kernel' }),
    }),
  close: () => Promise.resolve(),
};

/** Whether and how a request of ours is answered, and what then becomes of the connection. */
type Script = (
  request: SipRequest,
  connection: number,
  socket: Socket,
) => { status: number; options?: ResponseOptions } | undefined;

/** A room over TCP; every request with the number of the connection it came over. */
class Room {
  readonly heard: string[] = [];
  readonly requests: SipRequest[] = [];
  private connections = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  constructor(script: Script) {
    this.server = createServer((socket) => {
      const connection = ++this.connections;
      const framer = new SipStreamFramer();
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        for (const message of framer.push(chunk)) {
          if (!message.ok || message.value.kind !== 'request') continue;
          this.heard.push(`${message.value.method} ${connection}`);
          this.requests.push(message.value);
          const answer = script(message.value, connection, socket);
          if (answer) socket.write(serializeSipMessage(createResponse(message.value, answer.status, undefined, answer.options)));
        }
      });
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `sip:room@127.0.0.1:${(this.server.address() as AddressInfo).port};transport=tcp`;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** One call; resolves when it is over and nothing of it stands in the journal. */
async function call(script: Script, options: object = {}): Promise<{ outcome: Outcome; room: Room; noted: StandingCall[] }> {
  const room = new Room(script);
  const target = await room.listen();
  const parsed = parseProbeOptions('sip-call', { video: false, holdS: 4, ...options });
  if (!parsed.ok) throw new Error(parsed.error);
  const noted: StandingCall[] = [];
  let ended = 0;
  let tellEnd: () => void = () => undefined;
  const cleared = new Promise<void>((resolve) => (tellEnd = resolve));
  const journal = { note: (standing: StandingCall) => void noted.push(standing), end: () => (ended++, tellEnd()) };
  const outcome = await probeOf('sip-call').run(
    { runId: 'r', endpointId: null, target, vantage: 'v', options: parsed.value },
    {
      scheduler,
      random: systemRandom,
      media: silentMedia,
      icmp: { name: 'none', clock: 'user', burst: () => Promise.reject(new Error('none')), close: () => undefined },
      journal,
      signal: new AbortController().signal,
      loopLagMs: () => 0,
    },
  );
  await cleared;
  room.close();
  expect(ended).toBe(1);
  return { outcome, room, noted };
}

const answered: ResponseOptions = { toTag: 'peer', contact: '<sip:room@127.0.0.1>', body: SDP };
const droppedAfterAck: Script = ({ method }, connection, socket) => {
  if (method === 'INVITE') return { status: 200, options: answered };
  if (method === 'ACK') socket.resetAndDestroy();
  return connection > 1 ? { status: 200 } : undefined;
};

describe('a connection that breaks in the middle of a call', () => {
  it('does not leave the room in it: BYE goes over a new one, once', async () => {
    const { outcome, room } = await call(droppedAfterAck);
    expect(room.heard).toEqual(['INVITE 1', 'ACK 1', 'BYE 2']);
    expect(outcome).toMatchObject({ detail: { failure: { kind: 'transport', failure: 'reset' } } });
    const [invite, , bye] = room.requests;
    expect(bye?.headers.get('Call-ID')).toBe(invite?.headers.get('Call-ID'));
    expect(bye?.headers.get('To')).toContain(';tag=peer');
  });

  it('while it rings: CANCEL', async () => {
    const { room } = await call(({ method }, connection, socket) => {
      if (method === 'INVITE') setImmediate(() => socket.resetAndDestroy());
      return method === 'INVITE' ? { status: 180, options: { toTag: 'peer' } } : { status: connection > 1 ? 481 : 500 };
    });
    expect(room.heard).toEqual(['INVITE 1', 'CANCEL 2']);
  });

  it('before anything was heard: nobody is bothered again', async () => {
    const { room } = await call(({ method }, _connection, socket) => {
      if (method === 'INVITE') socket.resetAndDestroy();
      return undefined;
    });
    expect(room.heard).toEqual(['INVITE 1']);
  });

  it('answers the challenge to its BYE with the account of the endpoint, and the journal holds no password', async () => {
    process.env[PASSWORD_VARIABLE] = 'secret-7';
    const { room, noted } = await call(
      (request, connection, socket) => {
        const challenged = request.method === 'BYE' && request.headers.get('Authorization') === undefined;
        return challenged ? { status: 401, options: { headers: [CHALLENGE] } } : droppedAfterAck(request, connection, socket);
      },
      { user: 'monitor', passwordEnv: PASSWORD_VARIABLE },
    );
    expect(room.heard).toEqual(['INVITE 1', 'ACK 1', 'BYE 2', 'BYE 2']);
    const [first, second] = room.requests.filter(({ method }) => method === 'BYE');
    expect(second?.headers.get('Authorization')).toContain('username="monitor"');
    expect(parseInt(second?.headers.get('CSeq') ?? '')).toBe(parseInt(first?.headers.get('CSeq') ?? '') + 1);
    expect(noted.at(-1)?.account).toMatchObject({ user: 'monitor', passwordEnv: PASSWORD_VARIABLE });
    expect(JSON.stringify(noted)).not.toContain('secret-7');
  });
});
