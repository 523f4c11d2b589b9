/** What failures can have in common; the first is the widest. `endpoint`: nothing, it stands alone. */
export const CAUSE_KINDS = ['vantage', 'upstream', 'mcu', 'carrier', 'area', 'tier', 'endpoint'] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];
export type GroupKind = Exclude<CauseKind, 'endpoint'>;

/**
 * `failing`: something was seen to be wrong (down, degraded, unverified). `unseen`: we no longer see what we once saw (unknown). The
 * two are never one cause: the first is the endpoints' trouble, the second may be ours.
 */
export type Trouble = 'failing' | 'unseen';

export interface Cause {
  trouble: Trouble;
  kind: CauseKind;
  /** name of the carrier or area, address of the node or MCU, id of the endpoint, name of the vantage */
  name: string;
}

export const causeKey = ({ trouble, kind, name }: Cause): string => `${trouble}:${kind}:${name}`;

/** One endpoint as the correlator sees it. Endpoints in maintenance are left out: nobody expects anything of them. */
export interface EndpointFact {
  id: string;
  /** null: well, in a meeting, or never tested */
  trouble: Trouble | null;
  /** when the trouble began; Unix ms */
  sinceMs: number;
  /** what it depends on; a kind that is absent is not known of it */
  groups: Partial<Record<GroupKind, string>>;
}
