// Pages without a screen: they speak Engine.IO and socket.io by hand, read when each delta was flushed, and throw it away.
import { WebSocket } from 'ws';

const AT = /"at":"([^"]+)"/;
const CONNECT_AT_ONCE = 50;

const [kind, port, count] = JSON.parse(process.argv[2]);
const url = kind === 'ours' ? `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket` : `ws://127.0.0.1:${port}`;
let delaysMs = [];
let snapshots = 0;
let lost = 0;

function open() {
  return new Promise((resolve) => {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    if (kind === 'ours') socket.on('open', () => socket.send('40/live,'));
    socket.on('message', (data) => {
      const head = data.toString('latin1', 0, 120);
      if (head === '2') socket.send('3');
      else if (head.includes('"delta"')) delaysMs.push(Date.now() - Date.parse(AT.exec(head)[1]));
      else if (head.includes('"snapshot"')) {
        snapshots += 1;
        resolve();
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => (lost += 1));
  });
}

async function connectAll() {
  let opened = 0;
  const next = async () => {
    while (opened++ < count) await open();
  };
  await Promise.all(Array.from({ length: CONNECT_AT_ONCE }, next));
}

const actions = {
  connect: connectAll,
  begin: () => void (delaysMs = []),
  figures: () => ({ delaysMs, snapshots, lost }),
};
process.on('message', async (message) => process.send({ answer: (await actions[message.do]()) ?? null }));
process.on('disconnect', () => process.exit(0));
process.send({ ready: true });
