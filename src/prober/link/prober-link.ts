import type { ToCore, ToProber } from '../messages.js';

/** The prober's end of the line to its core, whatever carries it. */
export interface ProberLink {
  /** Never throws; lost when the line is closed. */
  send(message: ToCore): void;
  /** The core does not keep up: offer nothing more for the moment. */
  readonly congested: boolean;
  /** Only messages that passed the schema arrive here. */
  onMessage(listener: (message: ToProber) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}
