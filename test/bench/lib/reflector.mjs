// Holds every datagram for the given time and sends it back with the time that it truly was here (kernel arrival to our send).
import { setPriority } from 'node:os';
import { KernelUdpSocket } from '../../../dist/net/kernel/udp-socket.js';

const REPLIES = 1024;
const REPLY_BYTES = 128;
const holdMs = Number(process.argv[2]);
// memory of its own for each reply on its way: allocating just before the send would be time that nobody accounts for
const replies = Array.from({ length: REPLIES }, () => Buffer.allocUnsafeSlow(REPLY_BYTES));
let count = 0;

const opened = KernelUdpSocket.open(
  { address: '127.0.0.1', port: 0 },
  {
    datagram({ data, source, sourcePort }, arrivalMs) {
      const reply = replies[count++ % REPLIES];
      const length = data.copy(reply);
      setTimeout(() => {
        reply.writeDoubleLE(performance.now() - arrivalMs, 8);
        opened.value.send(reply, length, source, sourcePort);
      }, holdMs);
    },
    error() {},
  },
);
if (!opened.ok) throw new Error(opened.error);
try {
  // whoever tells the truth must not be put aside between reading the clock and sending
  setPriority(-20);
} catch {
  // not permitted here: then a busy machine shows in everybody's errors alike
}
process.once('disconnect', () => process.exit(0));
process.send({ port: opened.value.port });
