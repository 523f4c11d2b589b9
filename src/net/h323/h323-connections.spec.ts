import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { H323Connections, type H323Listener } from './h323-connections.js';

interface Peer {
  port: number;
  /** next connection */
  socket(): Promise<Socket>;
  close(): void;
}

function listen(address = '127.0.0.1'): Promise<Peer> {
  const waiting: ((socket: Socket) => void)[] = [];
  const come: Socket[] = [];
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    const next = waiting.shift();
    if (next) next(socket);
    else come.push(socket);
  });
  return new Promise((resolve) =>
    server.listen(0, address, () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        socket: () => new Promise((give) => (come.length > 0 ? give(come.shift() as Socket) : waiting.push(give))),
        close: () => server.close(),
      }),
    ),
  );
}

/** What a listener heard, in order; `next` waits for one more. */
function ear(): H323Listener & { heard: string[]; next(): Promise<void> } {
  const heard: string[] = [];
  let wake: () => void = () => undefined;
  const note = (what: string): void => {
    heard.push(what);
    wake();
  };
  return {
    heard,
    next: () => new Promise((resolve) => (wake = resolve)),
    onSignalling: (octets) => note(`signalling ${Buffer.from(octets).toString()}`),
    onSignallingFailed: (failure) => note(`signalling lost: ${failure}`),
    onH245Opened: () => note('h245 open'),
    onH245: (octets) => note(`h245 ${Buffer.from(octets).toString()}`),
    onH245Failed: (failure) => note(`h245 lost: ${failure}`),
  };
}

const ended = (socket: Socket): Promise<string> =>
  new Promise((resolve) => {
    let text = '';
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('close', () => resolve(text));
  });

describe('connections of a call over H.323', () => {
  let signalling: Peer;
  let control: Peer;
  let listener: ReturnType<typeof ear>;

  beforeEach(async () => {
    [signalling, control] = await Promise.all([listen(), listen()]);
    listener = ear();
  });
  afterEach(() => {
    signalling.close();
    control.close();
  });

  const open = async (): Promise<H323Connections> => {
    const opened = await H323Connections.open({ address: '127.0.0.1', port: signalling.port, timeoutMs: 3_000 }, listener);
    if (!opened.ok) throw new Error(opened.error);
    return opened.value;
  };

  it('carries signalling both ways and sends the last word before it closes', async () => {
    const connections = await open();
    const peer = await signalling.socket();
    const { remotePort } = peer;
    const all = ended(peer);
    peer.write('hello');
    await listener.next();
    connections.sendSignalling(Buffer.from('last word'));
    connections.close();
    expect(await all).toBe('last word');
    expect(listener.heard).toEqual(['signalling hello']);
    expect(connections).toMatchObject({ localAddress: '127.0.0.1', localPort: remotePort });
  });

  it('opens H.245 to the address that was called, whatever address it is told', async () => {
    const connections = await open();
    await signalling.socket();
    connections.openH245({ address: '127.0.0.99', port: control.port });
    const peer = await control.socket();
    if (listener.heard.length === 0) await listener.next();
    expect(peer.localAddress).toBe('127.0.0.1');
    const all = ended(peer);
    peer.write('a');
    await listener.next();
    connections.sendH245(Buffer.from('b'));
    connections.close();
    expect(await all).toBe('b');
    expect(listener.heard).toEqual(['h245 open', 'h245 a']);
  });

  it('says that H.245 is refused where nobody listens', async () => {
    const connections = await open();
    control.close();
    connections.openH245({ address: '127.0.0.1', port: control.port });
    await listener.next();
    expect(listener.heard).toEqual(['h245 lost: refused']);
    connections.close();
  });

  it('tells once that the far end is gone, and nothing after its own close', async () => {
    const connections = await open();
    const peer = await signalling.socket();
    peer.resetAndDestroy();
    await listener.next();
    connections.close();
    expect(listener.heard).toEqual([expect.stringMatching(/^signalling lost: (reset|closed)$/)]);
  });

  it('cuts off a far end that never stops talking', async () => {
    const connections = await open();
    const peer = await signalling.socket();
    const gone = ended(peer);
    peer.write(Buffer.alloc(2 * 1024 * 1024));
    await gone;
    expect(listener.heard.at(-1)).toBe('signalling lost: closed');
    connections.close();
  });

  it('gives no connection where nobody listens', async () => {
    signalling.close();
    const place = { address: '127.0.0.1', port: signalling.port, timeoutMs: 3_000 };
    expect(await H323Connections.open(place, listener)).toEqual({ ok: false, error: 'refused' });
  });
});
