import type { Clock } from '../../common/clock.js';
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

/** A route that changes is seen after this long. Until then a Via names our old address, and answers come by rport all the same. */
const REMEMBERED_MS = 300_000;
const MOST_REMEMBERED = 20_000;

/** The local addresses towards peers that are asked again and again. No route is not remembered: it may come back any moment. */
export class LocalAddresses {
  private readonly known = new Map<string, { address: string; untilMs: number }>();

  constructor(
    private readonly clock: Pick<Clock, 'monotonicMs'>,
    private readonly ask: (peer: string) => string | undefined = localAddressFor,
  ) {}

  towards(peer: string): string | undefined {
    const nowMs = this.clock.monotonicMs();
    const known = this.known.get(peer);
    if (known && known.untilMs > nowMs) return known.address;
    const address = this.ask(peer);
    if (this.known.size >= MOST_REMEMBERED) this.known.clear();
    if (address === undefined) this.known.delete(peer);
    else this.known.set(peer, { address, untilMs: nowMs + REMEMBERED_MS });
    return address;
  }
}
