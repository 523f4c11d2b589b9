// Holds every datagram for the given time and sends it back; then tells in a second one for how long it truly was here, from the
// kernel's stamp of its arrival to the kernel's stamp of its leaving.
import { KernelUdpSocket } from '../../../dist/net/kernel/udp-socket.js';

const REPLIES = 1024;
const REPLY_BYTES = 128;
const REPORT_BYTES = 16;
const holdMs = Number(process.argv[2]);
// memory of its own for each reply on its way
const replies = Array.from({ length: REPLIES }, () => Buffer.allocUnsafeSlow(REPLY_BYTES));
const report = Buffer.allocUnsafeSlow(REPLY_BYTES);
let count = 0;

function reflect(socket, reply, length, { source, sourcePort, arrivalMs }) {
  const one = { data: reply.subarray(0, length), address: source, port: sourcePort };
  socket.sendStamped([one]);
  reply.copy(report, 0, 0, 4);
  report.writeDoubleLE(one.leftMs - arrivalMs, 8);
  socket.send(report, REPORT_BYTES, source, sourcePort);
}

const opened = KernelUdpSocket.open(
  { address: '127.0.0.1', port: 0, stampSends: true },
  {
    datagram({ data, source, sourcePort }, arrivalMs) {
      const reply = replies[count++ % REPLIES];
      const length = data.copy(reply);
      setTimeout(() => reflect(opened.value, reply, length, { source, sourcePort, arrivalMs }), holdMs);
    },
    error() {},
  },
);
if (!opened.ok) throw new Error(opened.error);
process.once('disconnect', () => process.exit(0));
process.send({ port: opened.value.port });
