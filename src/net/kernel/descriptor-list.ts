import { libc } from './libc.js';

/** Descriptors are the least free numbers: far beyond the sockets of 300 calls (1,200) in each of several threads. */
const MOST_DESCRIPTORS = 65_536;

/**
 * The native descriptors that a thread holds, in memory shared with who started it. A thread that is ended runs nothing more,
 * and what it opened through libc would stay open, bound and filling, until the process ends: its starter closes it instead.
 *
 * A number that the thread has closed may already be somebody else's. So it is taken off the list before it is closed: a
 * thread that ends between the two leaves one descriptor open, and never makes us close another's.
 */
export class DescriptorList {
  private readonly held: Uint8Array;

  constructor(readonly memory = new SharedArrayBuffer(MOST_DESCRIPTORS)) {
    this.held = new Uint8Array(memory);
  }

  add(fd: number): void {
    this.held[fd] = 1;
  }

  /** Before it is closed. */
  remove(fd: number): void {
    this.held[fd] = 0;
  }

  /** Only once the thread has ended. @returns how many it had left open */
  closeAll(): number {
    let closed = 0;
    for (let fd = this.held.indexOf(1); fd >= 0; fd = this.held.indexOf(1, fd + 1)) {
      this.remove(fd);
      libc().close(fd);
      closed++;
    }
    return closed;
  }
}
