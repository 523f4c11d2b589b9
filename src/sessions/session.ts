import type { Tier } from '../common/states.js';

/** Who takes part: the union of what is named, without `except`. Nothing named: every site. */
export interface ParticipantRule {
  all?: boolean;
  tiers?: Tier[];
  areas?: string[];
  carriers?: string[];
  /** unit codes */
  sites?: string[];
  /** unit codes that stay away */
  except?: string[];
  /** unit codes that may stay away: shown, and no reason for NO_GO */
  optional?: string[];
}

/** When readiness is called enough. Counted over required participants. */
export interface ReadinessRule {
  /** at least this share ready: GO */
  goRatio: number;
  /** less than this share ready: NO_GO; between the two: AT_RISK */
  noGoRatio: number;
  /** unit codes without which there is no session: any of them not ready is NO_GO */
  mustHave: string[];
}

/** What a site needs to be ready for this session: audio alone will do where a site has no camera. */
export type MediaNeed = 'audio-video' | 'audio';

/** Phiên họp. Instants are Unix time in ms; the zone of what people read is Asia/Ho_Chi_Minh. */
export interface Session {
  id: string;
  title: string;
  startsMs: number;
  endsMs: number;
  /** required connect time; the start where none was given */
  connectByMs: number;
  invitationNumber: string;
  host: string;
  participants: ParticipantRule;
  /** unit codes of the provincial and central counterparts */
  counterparts: string[];
  /** ISO 8601 durations before the start, longest first */
  checkpoints: string[];
  /** no call starts later than this before the start (ISO 8601 duration) */
  callsStopBefore: string;
  rule: ReadinessRule;
  need: MediaNeed;
  /** injected faults in the lab: kept out of availability figures */
  rehearsal: boolean;
  status: 'planned' | 'cancelled';
  /** where it came from; an imported one follows its calendar until a person changes it */
  source: { kind: 'api' } | { kind: 'ics'; calendar: string; uid: string; recurrenceId: string | null; sequence: number };
}

export const SESSION_DEFAULTS = {
  checkpoints: ['PT24H', 'PT2H', 'PT60M', 'PT30M', 'PT10M'],
  callsStopBefore: 'PT10M',
  rule: { goRatio: 1, noGoRatio: 0.9, mustHave: [] },
  need: 'audio-video',
} as const satisfies Partial<{ [K in keyof Session]: unknown }>;
