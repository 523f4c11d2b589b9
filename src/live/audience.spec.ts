import { once } from 'node:events';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Server } from 'socket.io';
import { WebSocket } from 'ws';
import { ManualScheduler } from '../common/manual-scheduler.js';
import { Audience, AUDIENCE_LIMITS, type FeedNamespace } from './audience.js';
import type { EndpointView, MonitorStatus } from './feed-events.js';
import { FEED_SERVER } from './feed-server-options.js';
import { LiveFeed } from './live-feed.js';

const monitor: MonitorStatus = { simulated: false, prober: 'up', database: 'up', calls: 'running', stop: null };
const endpoint = (id: string, address = ''): EndpointView => ({ id, address }) as EndpointView;
/** Larger than what the kernel takes for a reader that does not read. */
const HUGE = 'x'.repeat(16 * 2 ** 20);

/** A page by hand over a bare WebSocket, so that it can stop reading and say what no board says. */
class Page {
  readonly events: string[] = [];
  closed = false;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.hear((data as Buffer).toString()));
    socket.on('close', () => (this.closed = true));
    socket.on('error', () => undefined);
  }

  static async open(port: number): Promise<Page> {
    const page = new Page(new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`));
    await once(page.socket, 'open');
    page.socket.send('40/live,');
    return page;
  }

  private hear(text: string): void {
    const [, name] = /^42\/live,\["(\w+)"/.exec(text) ?? [];
    if (name) this.events.push(name);
  }
}

const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await pause(5);
};

describe(Audience.name, () => {
  let http: HttpServer;
  let io: Server;
  let clock: ManualScheduler;
  let feed: LiveFeed;
  let sut: Audience;
  let port: number;
  let snapshots: number;

  beforeEach(async () => {
    http = createServer();
    io = new Server(http, FEED_SERVER);
    clock = new ManualScheduler();
    snapshots = 0;
    feed = new LiveFeed(clock, () => {
      snapshots += 1;
      return { endpoints: [endpoint('a')], sessions: [], incidents: [], monitor };
    });
    const namespace: FeedNamespace = io.of('/live');
    sut = new Audience(namespace, feed, clock, { ...AUDIENCE_LIMITS, snapshotsPerTurn: 10 });
    namespace.on('connection', (socket) => {
      sut.join(socket);
      socket.on('disconnect', () => sut.leave(socket));
      socket.on('resync', () => sut.resync(socket));
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    port = (http.address() as AddressInfo).port;
  });
  afterEach(async () => {
    sut.close();
    await io.close();
  });

  const change = (id: string, address = ''): void => {
    feed.endpointsChanged([endpoint(id, address)], []);
    sut.flush();
  };

  it('serialises a delta once for all, and a snapshot once for all of one turn', async () => {
    const pages = await Promise.all(Array.from({ length: 30 }, () => Page.open(port)));
    await until(() => pages.every(({ events }) => events.length === 1));
    expect(snapshots).toBeLessThanOrEqual(30);
    let serialised = 0;
    const counted = { ...endpoint('a'), toJSON: () => (serialised++, { id: 'a' }) };
    feed.endpointsChanged([counted], []);
    sut.flush();
    await until(() => pages.every(({ events }) => events.length === 2));
    expect(pages.map(({ events }) => events)).toEqual(pages.map(() => ['snapshot', 'delta']));
    // socket.io looks through it for binary data, then writes it as text: for all pages together
    expect(serialised).toBe(2);
    expect(sut.counts.snapshots).toBe(30);
  });

  it('sends no delta without news, and none outside of a flush', async () => {
    const page = await Page.open(port);
    await until(() => page.events.length === 1);
    feed.endpointsChanged([endpoint('a')], []);
    feed.endpointsChanged([endpoint('b')], []);
    sut.heartbeat('now');
    await until(() => page.events.length === 2);
    sut.flush();
    sut.flush();
    sut.heartbeat('now');
    await until(() => page.events.length === 4);
    expect(page.events).toEqual(['snapshot', 'heartbeat', 'delta', 'heartbeat']);
  });

  it('leaves a page that does not read behind, and brings it up to date with one snapshot', async () => {
    const [slow, quick] = [await Page.open(port), await Page.open(port)];
    await until(() => slow.events.length === 1 && quick.events.length === 1);
    slow.socket.pause();
    change('a', HUGE);
    await until(() => quick.events.length === 2);
    sut.flush();
    clock.advance(AUDIENCE_LIMITS.lagAfterMs);
    sut.flush();
    expect(sut.counts.lagged).toBe(1);
    for (const id of ['b', 'c', 'd']) change(id);
    await until(() => quick.events.length === 5);
    slow.socket.resume();
    await until(() => slow.events.length === 2);
    await until(() => {
      sut.flush();
      return slow.events.length === 3;
    });
    change('e');
    await until(() => slow.events.length === 4);
    expect(slow.events).toEqual(['snapshot', 'delta', 'snapshot', 'delta']);
    expect(sut.counts.evicted).toEqual({ slow: 0, rate: 0 });
  });

  it('sends a page away that does not come back, and counts it', async () => {
    const slow = await Page.open(port);
    await until(() => slow.events.length === 1);
    slow.socket.pause();
    change('a', HUGE);
    sut.flush();
    clock.advance(AUDIENCE_LIMITS.evictAfterMs);
    sut.flush();
    expect([sut.counts.evicted, sut.size]).toEqual([{ slow: 1, rate: 0 }, 0]);
    slow.socket.resume();
    await until(() => slow.closed);
  });

  it('answers a resync with a snapshot, another within the gap not at all', async () => {
    const page = await Page.open(port);
    await until(() => page.events.length === 1);
    clock.advance(AUDIENCE_LIMITS.resyncGapMs);
    for (let time = 0; time < 3; time++) page.socket.send('42/live,["resync"]');
    await until(() => page.events.length === 2);
    sut.heartbeat('now');
    await until(() => page.events.length === 3);
    expect(page.events).toEqual(['snapshot', 'snapshot', 'heartbeat']);
  });

  it('sends a page away that talks too much, or too long', async () => {
    const [talker, shouter] = [await Page.open(port), await Page.open(port)];
    await until(() => sut.size === 2);
    for (let time = 0; time <= AUDIENCE_LIMITS.messages.burst; time++) talker.socket.send('42/live,["resync"]');
    await until(() => talker.closed);
    expect(sut.counts.evicted).toEqual({ slow: 0, rate: 1 });
    shouter.socket.send(`42/live,["resync","${'x'.repeat(FEED_SERVER.maxHttpBufferSize)}"]`);
    await until(() => shouter.closed && sut.size === 0);
  });
});
