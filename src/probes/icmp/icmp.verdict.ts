import type { IcmpFacts, IcmpHop, PathMtuFacts } from '../../net/icmp-engine.js';
import type { Outcome } from '../contract.js';
import { fail, inconclusive, pass, rounded, roundedOrAbsent, type Verdict } from '../outcome.js';

export interface IcmpMeasures {
  sent: number;
  received: number;
  lossRatio?: number;
  rttMs?: { min: number; median: number; p95: number; max: number };
  /** mean difference of consecutive round trips (RFC 3550 calls for transit times; a round trip is what an echo gives) */
  jitterMs?: number;
}

/** One reply proves reachability; how good the line is, the measures say. */
export function judgeIcmp(facts: IcmpFacts): Verdict {
  switch (facts.failure?.code) {
    case 'no-route':
    case 'resolve-failed':
      return fail(facts.failure.code);
    case 'unavailable-here':
    case 'aborted':
      return inconclusive(facts.failure.code);
    case undefined:
      break;
  }
  if (facts.rttMs.some((rttMs) => rttMs !== null)) return pass;
  switch (facts.unreachable?.type) {
    case 'net':
    case 'host':
    case 'ttl-exceeded':
      return fail('no-route');
    case 'admin':
    case 'port':
    case 'protocol':
      return fail('refused');
    case 'fragmentation-needed':
    case 'other':
    case undefined:
      return fail('no-answer');
  }
}

export function measureIcmp(facts: IcmpFacts): IcmpMeasures {
  const times = facts.rttMs.filter((rttMs) => rttMs !== null);
  const measures: IcmpMeasures = { sent: facts.sent, received: times.length };
  if (facts.sent > 0) measures.lossRatio = rounded(1 - times.length / facts.sent);
  if (times.length > 0) {
    const sorted = times.toSorted((a, b) => a - b);
    measures.rttMs = {
      min: quantile(sorted, 0),
      median: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      max: quantile(sorted, 1),
    };
  }
  if (times.length > 1) measures.jitterMs = rounded(meanStep(times));
  return measures;
}

/** `lastHop`: the last router that answered; null: not even the first did, or the packets never left this machine */
export function describeTrace(hops: IcmpHop[]): Pick<Outcome, 'detail' | 'evidence'> {
  const trace = hops.map((hop) => ({ ...hop, rttMs: roundedOrAbsent(hop.rttMs ?? undefined) ?? null }));
  const last = hops.findLast(({ address }) => address !== null);
  return { detail: { lastHop: last?.address ?? null }, evidence: { trace } };
}

/** what every Ethernet carries */
const FULL_BYTES = 1500;

/** Never a verdict: a small MTU is a note for whoever looks for the reason of missing pictures. */
export function describePathMtu({ bytes, limitedBy }: PathMtuFacts): NonNullable<Outcome['detail']> {
  if (bytes === undefined) return { note: 'path MTU unknown: large echo requests are not answered' };
  if (bytes >= FULL_BYTES) return { pathMtuBytes: bytes };
  const who = limitedBy === undefined ? 'larger ones vanish without a word' : `limited by ${limitedBy}`;
  const note = `packets of up to ${bytes} bytes pass, ${who}: a tunnel on the way? Video sends larger ones`;
  return { pathMtuBytes: bytes, ...(limitedBy === undefined ? {} : { pathMtuLimitedBy: limitedBy }), note };
}

/** Linear interpolation between the two nearest samples: with five samples the nearest-rank p95 would just be the maximum. */
function quantile(sorted: number[], q: number): number {
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return rounded(below + (above - below) * (position - Math.floor(position)));
}

const meanStep = (times: number[]): number =>
  times.slice(1).reduce((sum, time, i) => sum + Math.abs(time - (times[i] ?? time)), 0) / (times.length - 1);
