import type { Logger } from 'pino';
import { toProberSchema, type ToCore, type ToProber } from '../messages.js';
import type { ProberLink } from './prober-link.js';
import { readMessage } from './read-message.js';

/** What this needs of a forked `process`. */
export interface IpcChannel {
  readonly connected: boolean;
  send?(message: unknown, handle: undefined, options: undefined, done: (error: Error | null) => void): boolean;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'disconnect', listener: () => void): unknown;
  off(event: 'message', listener: (message: unknown) => void): unknown;
  off(event: 'disconnect', listener: () => void): unknown;
  disconnect?(): void;
}

/** Messages handed to the kernel but not yet taken: more than this and the core is stuck. */
const UNSENT_LIMIT = 8;

/** The line of a child process to the parent that forked it. */
export class IpcLink implements ProberLink {
  private unsent = 0;
  private readonly messageListeners: ((message: ToProber) => void)[] = [];
  private readonly closeListeners: (() => void)[] = [];

  constructor(
    private readonly channel: IpcChannel,
    private readonly log: Logger,
  ) {
    channel.on('message', this.received);
    channel.on('disconnect', this.closed);
  }

  get congested(): boolean {
    return !this.channel.connected || this.unsent >= UNSENT_LIMIT;
  }

  send(message: ToCore): void {
    if (!this.channel.connected || !this.channel.send) return;
    this.unsent++;
    // an error means that the line has just gone, which 'disconnect' reports
    this.channel.send(message, undefined, undefined, () => this.unsent--);
  }

  onMessage(listener: (message: ToProber) => void): void {
    this.messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.closeListeners.push(listener);
  }

  close(): void {
    this.channel.off('message', this.received);
    this.channel.off('disconnect', this.closed);
    if (this.channel.connected) this.channel.disconnect?.();
  }

  private readonly received = (raw: unknown): void => {
    const message = readMessage(toProberSchema, raw);
    if (!message.ok) {
      this.log.warn({ problem: message.error }, 'message from the core ignored');
      return;
    }
    for (const listener of this.messageListeners) listener(message.value);
  };

  private readonly closed = (): void => {
    for (const listener of this.closeListeners) listener();
  };
}
