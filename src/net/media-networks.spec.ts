import { readdirSync } from 'node:fs';
import { DgramMediaNetwork } from './dgram-media-network.js';
import { DescriptorList } from './kernel/descriptor-list.js';
import { KernelMediaNetwork } from './kernel-media-network.js';
import { bindPair, type MediaDatagram, type MediaNetwork, type MediaSocket, type MediaSocketEvents } from './media-sockets.js';

const kernel = KernelMediaNetwork.open();
const networks: [string, (() => MediaNetwork) | undefined][] = [
  [DgramMediaNetwork.name, () => new DgramMediaNetwork()],
  [KernelMediaNetwork.name, kernel.ok ? () => kernel.value : undefined],
];
afterAll(() => {
  if (kernel.ok) kernel.value.close();
});

const IGNORED: MediaSocketEvents = { datagram: () => undefined, unreachable: () => undefined, dropped: () => undefined };
type Heard = Omit<MediaDatagram, 'data'> & { text: string };

for (const [name, make] of networks) {
  (make ? describe : describe.skip)(`${name}${make ? '' : ' (not supported here)'}`, () => {
    const network = make?.() as MediaNetwork;
    const sockets: MediaSocket[] = [];
    afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

    async function bind(address: string, events: Partial<MediaSocketEvents> = {}, port = 0): Promise<MediaSocket> {
      const socket = await network.bind(address, port, { ...IGNORED, ...events });
      if (!socket) throw new Error('not bound');
      sockets.push(socket);
      return socket;
    }
    const heardBy = (heard: Heard[]) => ({
      datagram: ({ data, ...rest }: MediaDatagram) => heard.push({ ...rest, text: data.toString() }),
    });
    async function waitFor(done: () => boolean): Promise<void> {
      for (let rounds = 0; rounds < 400 && !done(); rounds++) await network.wait(performance.now() + 5);
      expect(done()).toBe(true);
    }

    it.each(['127.0.0.1', '127.88.0.3', '::1'])('carries datagrams between sockets of %s', async (address) => {
      const heard: Heard[] = [];
      const to = await bind(address, heardBy(heard));
      const from = await bind(address);
      const sentMs = performance.now();
      expect(from.send(Buffer.from('hello, and more'), 5, address, to.port)).toBe(true);
      await waitFor(() => heard.length > 0);
      expect(heard).toMatchObject([{ text: 'hello', source: address, sourcePort: from.port }]);
      // on the clock of performance.now(), whoever stamped it; a kernel stamp is mapped to it with an error far below this
      expect(heard[0]?.arrivalMs).toBeGreaterThan(sentMs - 1);
      expect(heard[0]?.arrivalMs).toBeLessThanOrEqual(performance.now() + 1);
    });

    it('sends what the memory held at the send, though it is written again at once', async () => {
      const heard: Heard[] = [];
      const to = await bind('127.0.0.1', heardBy(heard));
      const from = await bind('127.0.0.1');
      const data = Buffer.alloc(1);
      for (const letter of 'abc') {
        data.write(letter);
        from.send(data, 1, '127.0.0.1', to.port);
      }
      await waitFor(() => heard.length === 3);
      expect(heard.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
    });

    it('gives null for a port that is taken, and leaves no descriptor open', async () => {
      const { port } = await bind('127.0.0.1');
      const descriptors = () => readdirSync('/proc/self/fd').length;
      const before = descriptors();
      for (let i = 0; i < 20; i++) expect(await network.bind('127.0.0.1', port, IGNORED)).toBeNull();
      await waitFor(() => descriptors() < before + 10);
    });

    it('gives null for an address that is not ours', async () => {
      expect(await network.bind('192.0.2.77', 0, IGNORED)).toBeNull();
    });

    it('is silent after its close, which may come twice, and gives the port back', async () => {
      const heard: Heard[] = [];
      const to = await bind('127.0.0.1', heardBy(heard));
      const from = await bind('127.0.0.1');
      from.send(Buffer.from('late'), 4, '127.0.0.1', to.port);
      to.close();
      to.close();
      await network.wait(performance.now() + 5);
      expect(heard).toEqual([]);
      await bind('127.0.0.1', {}, to.port);
    });

    it('waits no longer than it must when nothing comes', async () => {
      await expect(network.wait(performance.now() - 10)).resolves.toBeUndefined();
      await expect(network.wait(performance.now() + 3)).resolves.toBeUndefined();
    });

    it('binds RTP to an even port and RTCP to the next', async () => {
      const pair = await bindPair(network, '127.0.0.1', () => Math.floor(Math.random() * 2 ** 32), {
        rtp: IGNORED,
        rtcp: IGNORED,
      });
      if (!pair) throw new Error('no pair');
      sockets.push(pair.rtp, pair.rtcp);
      expect(pair.rtp.port % 2).toBe(0);
      expect(pair.rtcp.port).toBe(pair.rtp.port + 1);
    });

    if (name === KernelMediaNetwork.name) {
      it('says that nobody listens at the port', async () => {
        let unreachable = 0;
        const from = await bind('127.0.0.1', { unreachable: () => unreachable++ });
        const closed = await bind('127.0.0.1');
        closed.close();
        from.send(Buffer.from('x'), 1, '127.0.0.1', closed.port);
        await waitFor(() => unreachable > 0);
      });

      it('tells when each datagram came although nobody looked meanwhile', async () => {
        const heard: Heard[] = [];
        const to = await bind('127.0.0.1', heardBy(heard));
        const from = await bind('127.0.0.1');
        const sent: [number, number][] = [];
        for (let i = 0; i < 10; i++) {
          const beforeMs = performance.now();
          from.send(Buffer.from('x'), 1, '127.0.0.1', to.port);
          sent.push([beforeMs, performance.now()]);
          // this thread does nothing else, as one that another program keeps from running
          while (performance.now() < beforeMs + 20);
        }
        await waitFor(() => heard.length === 10);
        heard.forEach(({ arrivalMs }, i) => {
          const [beforeMs, afterMs] = sent[i] as [number, number];
          // on loopback it comes inside the send; by the time of reading the first would be 200 ms late
          expect(arrivalMs).toBeGreaterThan(beforeMs - 1);
          expect(arrivalMs).toBeLessThan(afterMs + 1);
        });
      });

      it('counts what its own buffer could not hold', async () => {
        const floods = 4_000;
        let [heard, dropped] = [0, 0];
        const to = await bind('127.0.0.1', { datagram: () => heard++, dropped: (total) => (dropped = total) });
        const from = await bind('127.0.0.1');
        const data = Buffer.alloc(1_200);
        for (let i = 0; i < floods; i++) from.send(data, data.length, '127.0.0.1', to.port);
        await waitFor(() => heard > 0);
        // the count comes with the next datagram that finds room
        from.send(data, data.length, '127.0.0.1', to.port);
        await waitFor(() => dropped > 0 && heard + dropped === floods + 1);
      });

      it('closes with itself what was left open, once', () => {
        const opened = KernelMediaNetwork.open(new DescriptorList());
        if (!opened.ok) throw new Error(opened.error);
        const own = opened.value;
        const descriptors = () => readdirSync('/proc/self/fd').length;
        const before = descriptors();
        for (let i = 0; i < 5; i++) void own.bind('127.0.0.1', 0, IGNORED);
        expect(descriptors()).toBe(before + 5);
        own.close();
        own.close();
        // its epoll set is gone as well
        expect(descriptors()).toBe(before - 1);
      });

      it('notes what it has open for whoever may have to close it', async () => {
        const descriptors = new DescriptorList();
        const opened = KernelMediaNetwork.open(descriptors);
        if (!opened.ok) throw new Error(opened.error);
        const [kept, closed] = await Promise.all([0, 0].map((port) => opened.value.bind('127.0.0.1', port, IGNORED)));
        closed?.close();
        // as if the thread had ended: its epoll set and one socket
        expect(descriptors.closeAll()).toBe(2);
        expect(descriptors.closeAll()).toBe(0);
        await bind('127.0.0.1', {}, kept?.port);
      });
    }
  });
}

describe(bindPair.name, () => {
  it('gives up after 64 tries and keeps nothing', async () => {
    let [opened, closed] = [0, 0];
    const even: MediaNetwork = {
      clock: 'user',
      bind: (_address, port) =>
        Promise.resolve(port % 2 ? null : (opened++, { port, send: () => true, close: () => void closed++ })),
      wait: () => Promise.resolve(),
      close: () => undefined,
    };
    expect(await bindPair(even, '127.0.0.1', () => 5, { rtp: IGNORED, rtcp: IGNORED })).toBeNull();
    expect([opened, closed]).toEqual([64, 64]);
  });

  it.each([0, 19_998, 19_999, 0xffff_ffff])('stays between 20000 and 59999 for the random number %i', async (number) => {
    const ports: number[] = [];
    const network: MediaNetwork = {
      clock: 'user',
      bind: (_address, port) => (ports.push(port), Promise.resolve({ port, send: () => true, close: () => undefined })),
      wait: () => Promise.resolve(),
      close: () => undefined,
    };
    await bindPair(network, '127.0.0.1', () => number, { rtp: IGNORED, rtcp: IGNORED });
    expect(ports[0]).toBeGreaterThanOrEqual(20_000);
    expect(ports[1]).toBeLessThanOrEqual(59_999);
  });
});
