import type { Logger } from 'pino';
import type { Outcome } from '../../probes/contract.js';

export type OutcomesListener = (outcomes: Outcome[]) => Promise<void>;

/** Hands outcomes to those who store them and acknowledges them when they have; what is being stored is not taken twice. */
export class OutcomeIntake {
  readonly listeners: OutcomesListener[] = [];
  private readonly storing = new Set<string>();

  constructor(
    private readonly log: Logger,
    private readonly acknowledge: (runIds: string[]) => void,
  ) {}

  take(offered: readonly Outcome[]): void {
    const outcomes = offered.filter((outcome) => !this.storing.has(outcome.runId));
    if (outcomes.length === 0 || this.listeners.length === 0) return;
    void this.store(outcomes);
  }

  private async store(outcomes: Outcome[]): Promise<void> {
    const runIds = outcomes.map((outcome) => outcome.runId);
    for (const runId of runIds) this.storing.add(runId);
    try {
      await Promise.all(this.listeners.map((listener) => listener(outcomes)));
      this.acknowledge(runIds);
    } catch (error) {
      // whoever could not store them says why, and how often
      this.log.debug({ err: error, count: runIds.length }, 'outcomes not stored; the prober will offer them again');
    } finally {
      for (const runId of runIds) this.storing.delete(runId);
    }
  }
}
