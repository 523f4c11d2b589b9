import type { StopSignal } from '../common/stop-switch.js';
import type { ErrorKind } from '../protocols/icmp/icmp-message.js';

/** What a burst of echo requests saw. Times in milliseconds; a request without an answer is `null`. */
export interface IcmpFacts {
  sent: number;
  /** in order of sending */
  rttMs: (number | null)[];
  ttl?: number;
  duplicates?: number;
  lateReplies?: number;
  /** an ICMP error instead of an echo reply, and the router that said so */
  unreachable?: { type: ErrorKind; from?: string };
  clock: 'kernel' | 'user';
  /** the request could not be sent at all */
  failure?: { code: 'no-route' | 'resolve-failed' | 'unavailable-here' | 'aborted'; message: string };
}

export interface IcmpTarget {
  address: string;
  source?: string;
  /** whose share of the packets per second this is; absent: only the limit of all applies */
  area?: string;
  signal?: StopSignal;
}

export interface IcmpBurst extends IcmpTarget {
  count: number;
  /** between two requests to the same target */
  spacingMs: number;
  /** after the last request */
  timeoutMs: number;
  payloadBytes: number;
}

/** One step on the way; `null`: nobody answered for it. */
export interface IcmpHop {
  ttl: number;
  address: string | null;
  rttMs: number | null;
  /** it said that there is no way on */
  unreachable?: ErrorKind;
}

export interface PathMtuRequest extends IcmpTarget {
  /** the longest round trip seen so far: what has not come a few of them later is taken for lost */
  rttMs: number;
  /** packets of one size that must all be lost before the size is taken for too big */
  tries: number;
}

export interface PathMtuFacts {
  /** the largest IP packet that came through whole; absent: not even the smallest that was tried */
  bytes?: number;
  /** who said that more does not fit; absent: nobody, larger packets just vanish (or everything that was tried fits) */
  limitedBy?: string;
  sent: number;
}

/** Requests per second, over all targets and for those of one area. */
export interface IcmpPace {
  packetsPerSecond: number;
  packetsPerSecondPerArea: number;
}

/** Echo requests, whoever sends them: the kernel-stamped socket or, where that is not allowed, the `ping` program. */
export interface IcmpEngine {
  readonly name: string;
  readonly clock: 'kernel' | 'user';
  burst(request: IcmpBurst): Promise<IcmpFacts>;
  /** The hops towards a target that does not answer; `null`: not now, enough traces are under way or this one was just made. */
  trace?(request: IcmpTarget): Promise<IcmpHop[] | null>;
  pathMtu?(request: PathMtuRequest): Promise<PathMtuFacts>;
  setPace?(pace: IcmpPace): void;
  close(): void;
}
