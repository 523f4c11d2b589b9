// Accepts connections on every loopback address and closes them at once: through libc, since a Node server is slower than the
// clients that are to be compared.
import koffi from 'koffi';
import { AF, libc, pinned, portOf, SOCK, writeSockaddr } from '../../../dist/net/kernel/libc.js';

const BACKLOG = 4096;
const library = koffi.load('libc.so.6');
const listen = library.func('int listen(int, int)');
const accept4 = library.func('int accept4(int, void *, void *, int)');

const fd = libc().socket(AF.inet, 1 | SOCK.nonblock | SOCK.cloexec, 0);
const name = pinned(32);
const length = pinned(4);
length.writeUInt32LE(32, 0);
if (libc().bind(fd, name, writeSockaddr(name, '0.0.0.0', 0)) !== 0 || listen(fd, BACKLOG) !== 0) throw new Error('cannot listen');
libc().getsockname(fd, name, length);

// held, and used below: a watch that is collected takes the process with it
const watch = koffi.node.poll(fd, { readable: true }, () => {
  for (let peer; (peer = accept4(fd, null, null, SOCK.nonblock)) >= 0;) libc().close(peer);
});
process.once('disconnect', () => {
  watch.close();
  process.exit(0);
});
process.send({ port: portOf(name) });
