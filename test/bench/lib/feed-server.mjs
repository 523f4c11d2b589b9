// The product's own audience over made-up endpoints, or plain `ws` with the same batches as its peer; in a process of its own.
import { createServer } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Server } from 'socket.io';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../dist/common/clock.js';
import { Audience } from '../../../dist/live/audience.js';
import { FEED_SERVER } from '../../../dist/live/feed-server-options.js';
import { LiveFeed } from '../../../dist/live/live-feed.js';
import { feedEndpoints, nextLooks } from './feed-endpoints.mjs';

const FLUSH_EVERY_MS = 100;
const HEARTBEAT_MS = 2_000;
const monitor = { simulated: false, prober: 'up', database: 'up', calls: 'running', stop: null };

const [kind, sites] = JSON.parse(process.argv[2]);
const views = feedEndpoints(sites);
const feed = new LiveFeed(systemClock, () => ({ endpoints: views, sessions: [], incidents: [], monitor }));
const http = createServer();
const audience = kind === 'ours' ? openOurs() : openPlain();

function openOurs() {
  const namespace = new Server(http, FEED_SERVER).of('/live');
  const ours = new Audience(namespace, feed, systemClock);
  namespace.on('connection', (socket) => {
    ours.join(socket);
    socket.on('disconnect', () => ours.leave(socket));
  });
  return ours;
}

/** What one would write by hand: each delta as text once, sent to all. */
function openPlain() {
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  const all = (event) => {
    const frame = Buffer.from(JSON.stringify(event));
    for (const client of server.clients) client.send(frame, { binary: false });
  };
  server.on('connection', (client) => client.send(JSON.stringify(['snapshot', feed.snapshot()])));
  return {
    get size() {
      return server.clients.size;
    },
    flush() {
      const delta = feed.takeDelta();
      if (delta) all(['delta', delta]);
    },
    heartbeat: (at) => all(['heartbeat', { at }]),
  };
}

let turn = 0;
let changesPerFlush = 0;
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();
let cpu = process.cpuUsage();
let mostRss = 0;
setInterval(() => {
  const changed = Array.from({ length: changesPerFlush }, () => {
    const index = (turn++ * 7_919) % views.length;
    return (views[index] = { ...views[index], ...nextLooks(turn) });
  });
  if (changed.length) feed.endpointsChanged(changed, []);
  audience.flush();
  mostRss = Math.max(mostRss, process.memoryUsage().rss);
}, FLUSH_EVERY_MS);
setInterval(() => audience.heartbeat(new Date().toISOString()), HEARTBEAT_MS);

const actions = {
  change: ({ perSecond }) => void (changesPerFlush = Math.round((perSecond * FLUSH_EVERY_MS) / 1000)),
  begin() {
    loop.reset();
    mostRss = 0;
    cpu = process.cpuUsage();
  },
  figures() {
    const { user, system } = process.cpuUsage(cpu);
    // the histogram counts the whole gap between two looks, of which 1 ms was asked for
    const lag = (ns) => Math.max(0, ns / 1e6 - 1);
    const { lagged, evicted } = audience.counts ?? {};
    return {
      cpuMs: (user + system) / 1000,
      lagP99Ms: lag(loop.percentile(99)),
      lagMaxMs: lag(loop.max),
      rssMb: mostRss / 2 ** 20,
      clients: audience.size,
      lagged,
      evicted,
    };
  },
};
process.on('message', (message) => process.send({ answer: actions[message.do](message) ?? null }));
process.on('disconnect', () => process.exit(0));
http.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () => process.send({ port: http.address().port }));
