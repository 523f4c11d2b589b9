/** `check`: somebody waits for it. `sweep`: one of many asked for together. `routine`: its round has come. */
export const LANES = ['check', 'sweep', 'routine'] as const;
export type Lane = (typeof LANES)[number];

/** Shares of the starts while all three have something to start. None can shut out another. */
export const LANE_SHARES: Record<Lane, number> = { check: 6, sweep: 3, routine: 1 };

/**
 * Whose turn it is, by start-time fair queueing (Goyal, Vin, Cheng 1996): each start moves a lane's tag on by 1/share, and the
 * lane with the lowest tag is next. A lane that had nothing to start saves up nothing, and of equal tags the earlier lane of
 * LANES goes first, so a check that comes to idle lanes is next.
 */
export class LaneTurns {
  private now = 0;
  private readonly tags: Record<Lane, number> = { check: 0, sweep: 0, routine: 0 };

  next(startable: readonly Lane[]): Lane | undefined {
    let best: Lane | undefined;
    for (const lane of startable) if (best === undefined || this.tagOf(lane) < this.tagOf(best)) best = lane;
    return best;
  }

  took(lane: Lane): void {
    this.now = this.tagOf(lane);
    this.tags[lane] = this.now + 1 / LANE_SHARES[lane];
  }

  private tagOf(lane: Lane): number {
    return Math.max(this.now, this.tags[lane]);
  }
}
