/** `requested`: somebody waits for it. Offered first, dropped last. */
export const SPOOL_LANES = ['requested', 'routine'] as const;
export type SpoolLane = (typeof SPOOL_LANES)[number];
export type PerLane<T> = Record<SpoolLane, T>;

export const perLane = <T>(of: (lane: SpoolLane) => T): PerLane<T> => ({
  requested: of('requested'),
  routine: of('routine'),
});

export interface SpoolEntry {
  lane: SpoolLane;
  /** rises with every outcome, across processes */
  key: number;
  /** the outcome as JSON */
  text: string;
}

export interface SpoolLimits {
  outcomes: number;
  bytes: number;
}

/** One transaction: these in, those out. `after`: up to there outcomes are on their way, and are not dropped when it is full. */
export interface CommitRequest {
  op: 'commit';
  add: Omit<SpoolEntry, 'key'>[];
  remove: PerLane<number[]>;
  limits: SpoolLimits;
  after: PerLane<number>;
}

/** The next ones after these keys. */
export interface ReadRequest {
  op: 'read';
  after: PerLane<number>;
  limit: number;
}

export type SpoolRequest = CommitRequest | ReadRequest | { op: 'close' };

export interface SpoolReply {
  /** what lies in the spool now */
  counts: PerLane<number>;
  /** of `add`, in order; of `read` */
  entries: SpoolEntry[];
  /** for want of room */
  dropped: PerLane<number[]>;
  /** why an older file had to be set aside just now */
  setAside?: string;
}

/** Where a spool is asked. Answers in the order of the questions; a rejection changed nothing in the spool. */
export interface SpoolPort {
  request(request: SpoolRequest): Promise<SpoolReply>;
  close(): Promise<void>;
}
