// The built page and a feed of made-up endpoints, in a process of its own: what is measured is the page.
import { createReadStream, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import { feedEndpoints, nextLooks } from './feed-endpoints.mjs';

const WEB = join(import.meta.dirname, '../../../dist/web');
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const DELTA_EVERY_MS = 100;
const HEARTBEAT_MS = 2_000;
const monitor = { simulated: false, prober: 'up', database: 'up', calls: 'running', stop: null };

const [sites] = JSON.parse(process.argv[2]);
const views = feedEndpoints(sites);
let seq = 0;
let turn = 0;

const http = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://local');
  const file = join(WEB, normalize(pathname === '/' ? '/index.html' : pathname));
  if (!file.startsWith(WEB) || !existsSync(file)) return response.writeHead(404).end();
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
  createReadStream(file).pipe(response);
});
const feed = new Server(http, { serveClient: false, perMessageDeflate: false }).of('/live');
const stamped = (content) => ({ seq, at: new Date().toISOString(), ...content });
feed.on('connection', (socket) => {
  const snapshot = () =>
    socket.emit('snapshot', stamped({ endpoints: views, sessions: [], incidents: [], simulated: false, monitor }));
  socket.on('resync', snapshot);
  snapshot();
});
setInterval(() => feed.emit('heartbeat', { at: new Date().toISOString() }), HEARTBEAT_MS);

let timer;
process.on('message', ({ changesPerSecond }) => {
  clearInterval(timer);
  const each = Math.round((changesPerSecond * DELTA_EVERY_MS) / 1000);
  if (each) timer = setInterval(() => change(each), DELTA_EVERY_MS);
});
process.on('disconnect', () => process.exit(0));

function change(count) {
  const changed = Array.from({ length: count }, () => {
    // a stride prime to any number of sites: every tile changes in its turn, and its neighbour does not
    const index = (turn++ * 7_919) % views.length;
    return (views[index] = { ...views[index], ...nextLooks(Math.floor(turn / views.length) + turn) });
  });
  seq++;
  feed.emit('delta', stamped({ endpoints: changed }));
}

http.listen(0, '127.0.0.1', () => process.send({ url: `http://127.0.0.1:${http.address().port}` }));
