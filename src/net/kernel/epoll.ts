import { libc, pinned } from './libc.js';

const EPOLL_CLOEXEC = 0o2000000;
const EPOLL_CTL_ADD = 1;
const EPOLL_CTL_DEL = 2;
const EPOLLIN = 1;
const EPOLLERR = 8;
/** struct epoll_event is packed on x64 (12 bytes) and aligned elsewhere (16 bytes, data at 8) */
const EVENT_BYTES = process.arch === 'x64' ? 12 : 16;
const DATA_AT = process.arch === 'x64' ? 4 : 8;
const MOST_EVENTS = 256;

/** Waits for many sockets with a nanosecond time-out, which libuv's timers (1 ms) cannot. It blocks its thread meanwhile. */
export class Epoll {
  readonly fd = libc().epoll_create1(EPOLL_CLOEXEC);
  private readonly events = pinned(MOST_EVENTS * EVENT_BYTES);
  private readonly event = pinned(EVENT_BYTES);
  private readonly timeout = pinned(16);

  add(fd: number): void {
    this.event.writeUInt32LE(EPOLLIN, 0);
    this.event.writeInt32LE(fd, DATA_AT);
    libc().epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, this.event);
  }

  remove(fd: number): void {
    libc().epoll_ctl(this.fd, EPOLL_CTL_DEL, fd, this.event);
  }

  /**
   * Calls `ready` for each socket that has something; waits at most `waitMs` for the first. `failed`: the network said
   * something of an earlier send (IP_RECVERR).
   */
  wait(waitMs: number, ready: (fd: number, failed: boolean) => void): void {
    const ns = Math.max(0, Math.round(waitMs * 1e6));
    // two 64-bit numbers whose upper halves stay zero
    this.timeout.writeUInt32LE(Math.floor(ns / 1e9), 0);
    this.timeout.writeUInt32LE(ns % 1e9, 8);
    const count = libc().epoll_pwait2(this.fd, this.events, MOST_EVENTS, this.timeout, null);
    for (let at = 0; at < count * EVENT_BYTES; at += EVENT_BYTES) {
      ready(this.events.readInt32LE(at + DATA_AT), (this.events.readUInt32LE(at) & EPOLLERR) !== 0);
    }
  }

  close(): void {
    libc().close(this.fd);
  }
}
