// Answers every SIP request with 200 OK, on one port of many loopback addresses, each from the address that was asked.
import { KernelUdpSocket } from '../../../dist/net/kernel/udp-socket.js';
import { loopbackAddresses } from './loopback.mjs';

const [second, count] = process.argv.slice(2).map(Number);
const reply = Buffer.allocUnsafeSlow(8192);

function answer(socket, { data, source, sourcePort }) {
  const request = data.latin1Slice();
  const headers = request.slice(request.indexOf('\r\n')).replace(/\r\nTo: [^\r]*/, '$&;tag=r');
  const length = reply.latin1Write(`SIP/2.0 200 OK${headers}`);
  socket.send(reply, length, source, sourcePort);
}

let port = 0;
for (const address of loopbackAddresses(count, second)) {
  const opened = KernelUdpSocket.open(
    { address, port, receiveBufferBytes: 1024 * 1024 },
    { datagram: (received) => answer(opened.value, received), error() {} },
  );
  if (!opened.ok) throw new Error(opened.error);
  port = opened.value.port;
}
process.once('disconnect', () => process.exit(0));
process.send({ port });
