import type { IcmpFacts, IcmpTarget, PathMtuFacts } from '../../net/icmp-engine.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { locateHost } from '../endpoint-address.js';
import { startOutcome, type Verdict } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { type IcmpOptions, icmpOptions } from './icmp.options.js';
import { describePathMtu, describeTrace, judgeIcmp, measureIcmp } from './icmp.verdict.js';

export const icmpProbe: Probe<'icmp', IcmpOptions> = { kind: 'icmp', options: icmpOptions, run };

type Findings = Pick<Outcome, 'detail' | 'evidence'>;

async function run(request: ProbeRequest<IcmpOptions>, context: ProbeContext): Promise<Outcome> {
  const finish = startOutcome('icmp', request, context);
  const located = await locateHost(request.target);
  if (!located.ok) return finish({ ...judgePathFailure(located.error.failure), detail: { message: located.error.message } });

  const { count, spacingMs, timeoutS, payloadBytes, source, pathMtu } = request.options;
  const { address } = located.value;
  const target: IcmpTarget = { address, source, area: request.area, signal: context.signal };
  const facts = await context.icmp.burst({ ...target, count, spacingMs, timeoutMs: timeoutS * 1000, payloadBytes });
  const verdict = judgeIcmp(facts);
  const measures = measureIcmp(facts);
  const { ttl, duplicates, lateReplies, unreachable, failure } = facts;
  const more = verdict.result === 'fail' ? await lookWhere(verdict, target, context) : {};
  const size = pathMtu && verdict.result === 'pass' ? await lookHowBig(facts, target, context) : {};
  return finish({
    ...verdict,
    measures: { ...measures },
    rttMs: measures.rttMs?.median,
    clock: facts.clock,
    detail: {
      address,
      engine: context.icmp.name,
      ttl,
      duplicates,
      lateReplies,
      unreachable,
      message: failure?.message,
      ...more.detail,
      ...size.detail,
    },
    evidence: more.evidence,
  });
}

/** Nothing came back: the last hop that answers tells our uplink from the carrier from the last mile. */
async function lookWhere({ reason }: Verdict, target: IcmpTarget, { icmp, signal }: ProbeContext): Promise<Findings> {
  if ((reason !== 'no-answer' && reason !== 'no-route') || signal.aborted) return {};
  const hops = await icmp.trace?.(target);
  return hops ? describeTrace(hops) : {};
}

async function lookHowBig(facts: IcmpFacts, target: IcmpTarget, { icmp }: ProbeContext): Promise<Findings> {
  const times = facts.rttMs.filter((rttMs) => rttMs !== null);
  // on a line that loses packets three lost ones prove less
  const tries = times.length < facts.sent ? 5 : 3;
  const found: PathMtuFacts | undefined = await icmp.pathMtu?.({ ...target, rttMs: Math.max(...times), tries });
  return found && !target.signal?.aborted ? { detail: describePathMtu(found) } : {};
}
