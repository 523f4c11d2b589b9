/** What a burst of echo requests saw. Times in milliseconds; a request without an answer is `null`. */
export interface IcmpFacts {
  sent: number;
  /** in order of sending */
  rttMs: (number | null)[];
  ttl?: number;
  duplicates?: number;
  lateReplies?: number;
  /** an ICMP error instead of an echo reply, and the router that said so */
  unreachable?: {
    type: 'net' | 'host' | 'port' | 'protocol' | 'admin' | 'ttl-exceeded' | 'fragmentation-needed' | 'other';
    from?: string;
  };
  clock: 'kernel' | 'user';
  /** the request could not be sent at all */
  failure?: { code: 'no-route' | 'resolve-failed' | 'unavailable-here' | 'aborted'; message: string };
}

export interface IcmpBurst {
  address: string;
  count: number;
  /** between two requests to the same target */
  spacingMs: number;
  /** after the last request */
  timeoutMs: number;
  payloadBytes: number;
  source?: string;
  signal?: AbortSignal;
}

/** Echo requests, whoever sends them: the kernel-stamped socket or, where that is not allowed, the `ping` program. */
export interface IcmpEngine {
  readonly name: string;
  readonly clock: 'kernel' | 'user';
  burst(request: IcmpBurst): Promise<IcmpFacts>;
  close(): void;
}
