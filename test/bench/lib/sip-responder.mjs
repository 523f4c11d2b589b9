// Answers every SIP request with 200 OK from the address that was asked, for all of 127/8 on one socket. It must be faster than
// the clients that are compared: 64 requests are read with one call, written over in place and sent back with one call. The
// control message that says which address was asked (IP_PKTINFO) says to sendmmsg, unchanged, which address is to answer.
import koffi from 'koffi';
import { addressOf, AF, libc, pinned, portOf, SOCK, SOL_SOCKET, SO, writeSockaddr } from '../../../dist/net/kernel/libc.js';

const BATCH = 64;
const DATA_BYTES = 2048;
const NAME_BYTES = 16;
const CONTROL_BYTES = 64;
const MSG_DONTWAIT = 0x40;
const IP_PKTINFO = 8;

const headers = pinned(BATCH * 64);
const iovecs = pinned(BATCH * 16);
const names = pinned(BATCH * NAME_BYTES);
const controls = pinned(BATCH * CONTROL_BYTES);
const data = pinned(BATCH * DATA_BYTES);
for (let i = 0; i < BATCH; i++) {
  iovecs.writeBigUInt64LE(addressOf(data) + BigInt(i * DATA_BYTES), i * 16);
  headers.writeBigUInt64LE(addressOf(names) + BigInt(i * NAME_BYTES), i * 64);
  headers.writeUInt32LE(NAME_BYTES, i * 64 + 8);
  headers.writeBigUInt64LE(addressOf(iovecs) + BigInt(i * 16), i * 64 + 16);
  headers.writeBigUInt64LE(1n, i * 64 + 24);
  headers.writeBigUInt64LE(addressOf(controls) + BigInt(i * CONTROL_BYTES), i * 64 + 32);
}

const fd = libc().socket(AF.inet, SOCK.dgram | SOCK.nonblock | SOCK.cloexec, 0);
const option = pinned(4);
const set = (level, name, value) => {
  option.writeInt32LE(value, 0);
  libc().setsockopt(fd, level, name, option, 4);
};
set(0, IP_PKTINFO, 1);
set(SOL_SOCKET, SO.rcvbuf, 8 * 1024 * 1024);
const name = pinned(32);
const length = pinned(4);
length.writeUInt32LE(32, 0);
if (libc().bind(fd, name, writeSockaddr(name, '0.0.0.0', 0)) !== 0) throw new Error('cannot bind');
libc().getsockname(fd, name, length);

function receive() {
  for (let i = 0; i < BATCH; i++) {
    iovecs.writeUInt32LE(DATA_BYTES, i * 16 + 8);
    headers.writeUInt32LE(CONTROL_BYTES, i * 64 + 40);
  }
  return libc().recvmmsg(fd, headers, BATCH, MSG_DONTWAIT, null);
}

function answer(i) {
  const at = i * DATA_BYTES;
  const request = data.latin1Slice(at, at + headers.readUInt32LE(i * 64 + 56));
  const fields = request.slice(request.indexOf('\r\n')).replace(/\r\nTo: [^\r]*/, '$&;tag=r');
  iovecs.writeUInt32LE(data.latin1Write(`SIP/2.0 200 OK${fields}`, at), i * 16 + 8);
}

// held, and used below, as is memory of which the kernel has the address: what is collected takes the process with it
const watch = koffi.node.poll(fd, { readable: true }, () => {
  for (let count; (count = receive()) > 0;) {
    for (let i = 0; i < count; i++) answer(i);
    libc().sendmmsg(fd, headers, count, MSG_DONTWAIT);
    if (count < BATCH) break;
  }
});
process.once('disconnect', () => {
  watch.close();
  for (const memory of [names, controls]) memory.fill(0);
  process.exit(0);
});
process.send({ port: portOf(name) });
