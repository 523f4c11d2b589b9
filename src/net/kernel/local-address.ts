import { AF, familyOf, libc, pinned, readSockaddr, SOCK, writeSockaddr } from './libc.js';

const name = pinned(32);
const length = pinned(4);
/** One a family, kept: making and closing one for each question was 12 us of the 110 us of an OPTIONS probe. */
const sockets = new Map<4 | 6, number>();

/** The local address from which the kernel would send to `address`; undefined when there is no route. Nothing is sent. */
export function localAddressFor(address: string): string | undefined {
  const fd = socketFor(familyOf(address));
  if (fd === undefined) return undefined;
  dissolve(fd);
  // any port will do: only the route is asked for
  if (libc().connect(fd, name, writeSockaddr(name, address, 9)) !== 0) return undefined;
  length.writeUInt32LE(32, 0);
  return libc().getsockname(fd, name, length) === 0 ? readSockaddr(name) : undefined;
}

/** A socket that was connected keeps its source address, and the next question would get the answer of the last. */
function dissolve(fd: number): void {
  name.fill(0, 0, 28);
  libc().connect(fd, name, 16);
}

function socketFor(family: 4 | 6): number | undefined {
  const known = sockets.get(family);
  if (known !== undefined) return known;
  const fd = libc().socket(family === 4 ? AF.inet : AF.inet6, SOCK.dgram | SOCK.cloexec, 0);
  if (fd < 0) return undefined;
  sockets.set(family, fd);
  return fd;
}
