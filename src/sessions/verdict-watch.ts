import type { Verdict } from './readiness.js';

/** A verdict is told when it has held for so long: one site that restarts is no news, twice over. */
export const HOLD_MS = 60_000;

interface Watched {
  told: Verdict | null;
  candidate: Verdict | null;
  sinceMs: number;
}

/** Which verdict of which session is news. What was told before a restart is given back to it. */
export class VerdictWatch {
  private readonly sessions = new Map<string, Watched>();

  restore(told: ReadonlyMap<string, Verdict>): void {
    for (const [sessionId, verdict] of told) this.sessions.set(sessionId, { told: verdict, candidate: null, sinceMs: 0 });
  }

  told(sessionId: string): Verdict | null {
    return this.sessions.get(sessionId)?.told ?? null;
  }

  /**
   * @param settled a checkpoint has just been done: what it found needs no time to hold
   * @returns what is to be told now
   */
  saw(sessionId: string, verdict: Verdict, nowMs: number, settled: boolean): { was: Verdict | null } | null {
    const watched = this.sessions.get(sessionId) ?? { told: null, candidate: null, sinceMs: nowMs };
    this.sessions.set(sessionId, watched);
    if (verdict === watched.told) {
      watched.candidate = null;
      return null;
    }
    if (watched.candidate !== verdict) Object.assign(watched, { candidate: verdict, sinceMs: nowMs });
    if (!settled && nowMs - watched.sinceMs < HOLD_MS) return null;
    const was = watched.told;
    Object.assign(watched, { told: verdict, candidate: null });
    return { was };
  }

  forget(sessionId: string): void {
    this.sessions.delete(sessionId);
  }
}
