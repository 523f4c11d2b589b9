import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createResponse, parseSipMessage, serializeSipMessage, type SipRequest } from '../../src/protocols/sip/message.js';
import { Daemon } from '../fixtures/daemon.js';

const SDP = ['v=0', 'o=- 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', 'm=audio 20000 RTP/AVP 8', ''].join('\r\n');

/** A room that answers its calls with one status, and everything else with 200; it remembers what it was asked. */
class Room {
  readonly methods: string[] = [];
  private invite?: SipRequest;

  private constructor(
    private readonly socket: Socket,
    private readonly callStatus: number,
  ) {
    socket.on('message', (bytes, from) => {
      const message = parseSipMessage(bytes);
      if (!message.ok || message.value.kind !== 'request') return;
      for (const response of this.responsesTo(message.value)) socket.send(serializeSipMessage(response), from.port, from.address);
    });
  }

  static async open(callStatus: number): Promise<Room> {
    const socket = createSocket('udp4').bind(0, '127.31.9.3');
    await once(socket, 'listening');
    return new Room(socket, callStatus);
  }

  get uri(): string {
    return `sip:room@127.31.9.3:${this.socket.address().port}`;
  }

  close(): void {
    this.socket.close();
  }

  private responsesTo(request: SipRequest) {
    const { method } = request;
    this.methods.push(method);
    if (method === 'ACK') return [];
    if (method === 'INVITE') this.invite = request;
    const status = method === 'INVITE' ? this.callStatus : 200;
    const body = method === 'INVITE' && status === 200 ? SDP : '';
    const first = createResponse(request, status, undefined, { toTag: 'room', contact: `<${this.uri}>`, body });
    const cancelled = method === 'CANCEL' && this.invite ? [createResponse(this.invite, 487, undefined, { toTag: 'room' })] : [];
    return [first, ...cancelled];
  }
}

describe('a daemon that is told to stop (SIGTERM)', () => {
  it.each([
    ['in the middle of a call', 200, 'ACK', 'BYE'],
    ['while a call rings', 180, 'INVITE', 'CANCEL'],
  ])('%s ends it before it is gone', async (_when, status, begun, end) => {
    const room = await Room.open(status);
    const folder = mkdtempSync(join(tmpdir(), 'stop-in-call-'));
    const inventory = join(folder, 'sites.csv');
    writeFileSync(inventory, `site_code,site_name,tier,address,sip_uri\nA,A,commune,127.31.9.3,${room.uri}\n`);
    const daemon = await Daemon.start({ INVENTORY: inventory });
    try {
      await daemon.until('a call', () => Promise.resolve(room.methods.includes(begun)));
      expect(room.methods).not.toContain(end);
      await daemon.stop();
      expect(room.methods).toContain(end);
    } finally {
      await daemon.stop();
      room.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
