import koffi, { type node as koffiNode } from 'koffi';

/**
 * Tells when a socket has something to read, in Node's own loop. libuv ends a watch for good when the kernel reports an error
 * on the socket, and with IP_RECVERR every "port unreachable" of one peer is such an error: without a new watch one closed
 * port would make the socket deaf to all others.
 */
export class ReadableWatch {
  private handle: koffiNode.PollHandle;
  private referenced = true;
  private open = true;

  constructor(
    private readonly fd: number,
    private readonly onReady: () => void,
  ) {
    this.handle = this.watch();
  }

  /** Keeps the process alive, or not. */
  setReferenced(referenced: boolean): void {
    this.referenced = referenced;
    if (referenced) this.handle.ref();
    else this.handle.unref();
  }

  close(): void {
    this.open = false;
    this.handle.close();
  }

  private watch(): koffiNode.PollHandle {
    return koffi.node.poll(this.fd, { readable: true }, ({ readable }) => {
      this.onReady();
      if (!readable && this.open) this.watchAgain();
    });
  }

  private watchAgain(): void {
    this.handle.close();
    this.handle = this.watch();
    this.setReferenced(this.referenced);
  }
}
