import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { ERRNO, isSupported } from './libc.js';
import { type KernelUdpEvents, type KernelUdpOptions, KernelUdpSocket } from './udp-socket.js';
import type { Received } from './receive-ring.js';
import type { Outgoing } from './send-ring.js';
import type { StampedOutgoing } from './send-stamps.js';

(isSupported ? describe : describe.skip)(`${KernelUdpSocket.name} (needs 64-bit Linux)`, () => {
  const opened: KernelUdpSocket[] = [];
  afterEach(() => opened.splice(0).forEach((socket) => socket.close()));

  const open = (
    events: Partial<KernelUdpEvents>,
    address = '127.0.0.1',
    options: Partial<KernelUdpOptions> = {},
  ): KernelUdpSocket => {
    const socket = KernelUdpSocket.open(
      { address, port: 0, ...options },
      { datagram: () => undefined, error: () => undefined, ...events },
    );
    if (!socket.ok) throw new Error(socket.error);
    opened.push(socket.value);
    return socket.value;
  };
  const text = Buffer.alloc(100, 'x');

  it.each(['127.0.0.1', '::1'])('carries datagrams both ways on %s', async (address) => {
    const got = withResolvers<{ received: Received; length: number }>();
    const receiver = open({ datagram: (received) => got.resolve({ received, length: received.data.length }) }, address);
    const sender = open({}, address);
    expect(sender.send(text, 42, address, receiver.port)).toBe(0);
    const { received, length } = await got.promise;
    expect(received).toMatchObject({ source: address, sourcePort: sender.port });
    expect(length).toBe(42);
  });

  it('gives the time of arrival, not of reading', async () => {
    const got = withResolvers<number>();
    const receiver = open({ datagram: (_received, arrivalMs) => got.resolve(arrivalMs) });
    const sentMs = performance.now();
    open({}).send(text, 10, '127.0.0.1', receiver.port);
    while (performance.now() < sentMs + 60);
    const blockedUntilMs = performance.now();
    const arrivalMs = await got.promise;
    // the loop could not read before it was free again: only the kernel can have known
    expect(arrivalMs).toBeLessThan(blockedUntilMs);
  });

  it('tells which destination has its port closed', async () => {
    const closed = createSocket('udp4').bind(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    const got = withResolvers<Received>();
    const socket = open({ error: got.resolve });
    socket.send(text, 10, '127.0.0.1', port);
    expect(await got.promise).toMatchObject({
      source: '127.0.0.1',
      sourcePort: port,
      error: { icmpType: 3, icmpCode: 3, from: '127.0.0.1' },
    });
  });

  it('does not lose the next datagram, to somebody else, to the closed port of the first', async () => {
    const closed = createSocket('udp4').bind(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    const got = withResolvers<number>();
    const receiver = open({ datagram: ({ data }) => got.resolve(data.length) });
    const sender = open({});
    expect(sender.send(text, 10, '127.0.0.1', port)).toBe(0);
    expect(sender.send(text, 11, '127.0.0.1', receiver.port)).toBe(0);
    expect(await got.promise).toBe(11);
  });

  it('goes on hearing others after one destination was found closed, again and again', async () => {
    const closed = createSocket('udp4').bind(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address();
    closed.close();
    let errors = 0;
    let heard = 0;
    const socket = open({ error: () => errors++, datagram: () => heard++ });
    const friend = open({});
    for (let round = 1; round <= 3; round++) {
      socket.send(text, 10, '127.0.0.1', port);
      while (errors < round) await new Promise((resolve) => setTimeout(resolve, 1));
      friend.send(text, 10, '127.0.0.1', socket.port);
      while (heard < round) await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect([errors, heard]).toEqual([3, 3]);
  });

  describe('sendStamped', () => {
    const stamped = (address: string, port: number): StampedOutgoing => ({ data: text.subarray(0, 10), address, port });
    const openStamping = (events: Partial<KernelUdpEvents>, address = '127.0.0.1'): KernelUdpSocket =>
      open(events, address, { stampSends: true });

    it.each(['127.0.0.1', '::1'])('tells by the kernel when it left on %s, however long we were put aside before', (address) => {
      const { port } = open({}, address);
      const socket = openStamping({}, address);
      const calledMs = performance.now();
      // the first reading, just before the call, is taken as if 5 ms had gone by since
      Object.assign(performance, { now: () => (Reflect.deleteProperty(performance, 'now'), calledMs - 5) });
      const one = stamped(address, port);
      expect(socket.sendStamped([one]).errno).toBe(0);
      expect(one.leftMs).toBeGreaterThan(calledMs - 1);
      expect(one.leftMs).toBeLessThanOrEqual(performance.now());
    });

    it('gives each of many its own stamp, in the order of leaving', () => {
      const { port } = open({});
      const socket = openStamping({});
      for (let round = 0; round < 30; round++) {
        const batch = Array.from({ length: 64 }, () => stamped('127.0.0.1', port));
        const calledMs = performance.now();
        expect(socket.sendStamped(batch)).toEqual({ sent: 64, errno: 0, again: false });
        const leftMs = batch.map((one) => one.leftMs as number);
        expect(leftMs).toEqual([...leftMs].sort((a, b) => a - b));
        // a batch is some hundred microseconds of work: not all can have left in the microsecond of the call
        expect(new Set(leftMs).size).toBeGreaterThan(32);
        expect(leftMs[0]).toBeGreaterThan(calledMs - 1);
        expect(leftMs.at(-1)).toBeLessThanOrEqual(performance.now());
      }
    });

    it.each([
      ['one that the kernel refuses', '255.255.255.255'],
      ['one whose port is closed', '127.0.0.1'],
    ])('knows whose stamp is whose also behind %s', async (_what, address) => {
      const closed = createSocket('udp4').bind(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address();
      closed.close();
      const receiver = open({});
      const socket = openStamping({});
      for (let round = 0; round < 3; round++) {
        socket.sendStamped([stamped('127.0.0.1', receiver.port), stamped(address, port), stamped('127.0.0.1', receiver.port)]);
        const one = stamped('127.0.0.1', receiver.port);
        const calledMs = performance.now();
        Object.assign(performance, { now: () => (Reflect.deleteProperty(performance, 'now'), calledMs - 5) });
        expect(socket.sendStamped([one])).toEqual({ sent: 1, errno: 0, again: false });
        // by the kernel: by us it would be 5 ms earlier
        expect(one.leftMs).toBeGreaterThan(calledMs - 1);
      }
    });

    it('leaves nothing behind in the error queue that reads as an error', async () => {
      const errors: Received[] = [];
      const heard = withResolvers<void>();
      const receiver = open({ datagram: () => heard.resolve() });
      const socket = openStamping({ error: (received) => errors.push(received) });
      // of a send without a stamp wanted the kernel reports too
      expect(socket.sendMany([{ data: text, address: '127.0.0.1', port: receiver.port }]).sent).toBe(1);
      socket.receive();
      await heard.promise;
      expect(errors).toEqual([]);
    });

    it('tells an error that it finds in the queue, but not while it sends', async () => {
      const closed = createSocket('udp4').bind(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address();
      closed.close();
      const errors: Received[] = [];
      const socket = openStamping({ error: (received) => errors.push(received) });
      socket.sendStamped([stamped('127.0.0.1', port)]);
      expect(errors).toEqual([]);
      await Promise.resolve();
      expect(errors).toMatchObject([{ source: '127.0.0.1', sourcePort: port, error: { icmpType: 3, icmpCode: 3 } }]);
    });

    it('may be called while datagrams are being handed out, as may receive: they are not written over', async () => {
      const heard: number[] = [];
      const all = withResolvers<void>();
      const receiver: KernelUdpSocket = openStamping({
        datagram: ({ data }) => {
          if (heard.length === 0) {
            for (let i = 0; i < 10; i++) receiver.sendStamped([stamped('127.0.0.1', receiver.port)]);
            receiver.receive();
          }
          if (heard.push(data[0] as number) === 60) all.resolve();
        },
      });
      const batch = Array.from({ length: 50 }, (_, i) => ({ data: Buffer.from([i]), address: '127.0.0.1', port: receiver.port }));
      open({}).sendMany(batch);
      await all.promise;
      expect(heard).toEqual([...batch.map((_one, i) => i), ...Array<number>(10).fill(text[0] as number)]);
    });

    it('without the stamps of the kernel takes the time before the call', () => {
      const { port } = open({});
      const one = stamped('127.0.0.1', port);
      const calledMs = performance.now();
      expect(open({}).sendStamped([one]).errno).toBe(0);
      expect(one.leftMs).toBeGreaterThanOrEqual(calledMs);
      expect(one.leftMs).toBeLessThanOrEqual(performance.now());
    });
  });

  describe('sendMany', () => {
    const numbered = (count: number, address: string, port: number): Outgoing[] =>
      Array.from({ length: count }, (_, i) => ({ data: Buffer.from([i]), address, port }));

    it.each(['127.0.0.1', '::1'])('sends more than one call takes, in order, on %s', async (address) => {
      const heard: number[] = [];
      const all = withResolvers<void>();
      const receiver = open({ datagram: ({ data }) => heard.push(data[0] as number) === 150 && all.resolve() }, address);
      expect(open({}, address).sendMany(numbered(150, address, receiver.port))).toEqual({ sent: 150, errno: 0, again: false });
      await all.promise;
      expect(heard).toEqual(Array.from({ length: 150 }, (_, i) => i));
    });

    it('sends each to its own destination', async () => {
      const heard: string[] = [];
      const both = withResolvers<void>();
      const hear = (name: string) => open({ datagram: () => heard.push(name) === 2 && both.resolve() });
      const [first, second] = [hear('first'), hear('second')];
      open({}).sendMany([first, second].map(({ port }) => ({ data: text, address: '127.0.0.1', port })));
      await both.promise;
      expect(heard.sort()).toEqual(['first', 'second']);
    });

    it('says how many of the first ones the kernel took, and why not the next', () => {
      const { port } = open({});
      const batch = numbered(100, '127.0.0.1', port);
      // broadcast without SO_BROADCAST
      batch[70] = { data: text, address: '255.255.255.255', port };
      expect(open({}).sendMany(batch)).toMatchObject({ sent: 70, errno: ERRNO.EACCES });
      batch[3] = { data: Buffer.alloc(65_535), address: '127.0.0.1', port };
      expect(open({}).sendMany(batch)).toMatchObject({ sent: 3, errno: ERRNO.EMSGSIZE });
    });

    it('sends what is longer than a packet, whole and in its place', async () => {
      const heard: number[] = [];
      const all = withResolvers<void>();
      const receiver = open({ datagram: ({ data }) => heard.push(data.length) === 3 && all.resolve() });
      const sizes = [10, 5_000, 20];
      open({}).sendMany(sizes.map((size) => ({ data: Buffer.alloc(size), address: '127.0.0.1', port: receiver.port })));
      await all.promise;
      expect(heard).toEqual(sizes);
    });

    it('does not lose what goes to others behind a closed port', async () => {
      const closed = createSocket('udp4').bind(0, '127.0.0.1');
      await once(closed, 'listening');
      const { port } = closed.address();
      closed.close();
      let heard = 0;
      const all = withResolvers<void>();
      const receiver = open({ datagram: () => ++heard === 20 && all.resolve() });
      const batch = numbered(40, '127.0.0.1', receiver.port).map((one, i) => (i % 2 ? one : { ...one, port }));
      expect(open({}).sendMany(batch)).toEqual({ sent: 40, errno: 0, again: true });
      await all.promise;
    });

    it('sends nothing once closed', () => {
      const socket = open({});
      socket.close();
      expect(socket.sendMany(numbered(1, '127.0.0.1', 9))).toEqual({ sent: 1, errno: 0, again: false });
    });
  });

  it('says why it cannot be opened', () => {
    const taken = open({});
    const second = KernelUdpSocket.open(
      { address: '127.0.0.1', port: taken.port },
      { datagram: () => undefined, error: () => undefined },
    );
    expect(second).toEqual({ ok: false, error: `cannot bind 127.0.0.1:${taken.port} (errno 98)` });
  });
});

function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  return { promise: new Promise<T>((settle) => (resolve = settle)), resolve };
}
