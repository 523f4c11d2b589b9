// The far side of the calls of media-floor: our own media worker in a process that does nothing else.
import { createMediaPool } from '../../../dist/media/media-pool.js';
import { openCalls, startCalls, stopCalls } from './media-calls.mjs';

const [address, peerAddress] = process.argv.slice(2);
const media = createMediaPool({ workers: 1 });
let sessions = [];

const orders = {
  async open({ count }) {
    sessions = await openCalls(media, count, address, peerAddress);
    return sessions.map(({ ports }) => ports);
  },
  start: ({ ports }) => startCalls(sessions, peerAddress, ports),
  stop: () => stopCalls(sessions),
};
process.on('message', async ({ order, ...details }) => process.send({ answer: await orders[order](details) }));
process.once('disconnect', () => process.exit(0));
process.send({ ready: true });
