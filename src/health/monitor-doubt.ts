/** Why the monitor does not believe its own eyes. `references`: what must always answer from here does not. */
export type DoubtReason = 'references' | 'overload';

/** While it lasts nothing that fails is held against any endpoint. */
export interface MonitorDoubt {
  /** Unix ms: since when what is seen is not to be trusted */
  sinceMs: number;
  why: DoubtReason;
  /** the references that do not answer; empty for an overload of our own */
  targets: string[];
}

/** null: the monitor trusts itself again */
export type DoubtListener = (doubt: MonitorDoubt | null) => void;
