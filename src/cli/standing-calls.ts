import type { Scheduler } from '../common/clock.js';
import type { CallJournal, StandingCall } from '../probes/standing-call.js';

/** The calls that an endpoint may still believe in, while the process lives that made them. */
export class StandingCalls implements CallJournal {
  private readonly ids = new Set<string>();
  private noneLeft: () => void = () => undefined;

  note({ ticket }: StandingCall): void {
    this.ids.add(ticket.callId);
  }

  end(callId: string): void {
    this.ids.delete(callId);
    if (this.ids.size === 0) this.noneLeft();
  }

  /** Resolves when nothing stands any more, after `limitMs`, or with the signal. */
  async untilNone(limitMs: number, scheduler: Scheduler, signal: AbortSignal): Promise<void> {
    if (this.ids.size === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const cancel = scheduler.after(limitMs, resolve);
      this.noneLeft = () => {
        cancel();
        resolve();
      };
      signal.addEventListener('abort', this.noneLeft, { once: true });
    });
  }
}
