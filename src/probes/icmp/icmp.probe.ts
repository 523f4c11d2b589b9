import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { locateHost } from '../endpoint-address.js';
import { startOutcome } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { type IcmpOptions, icmpOptions } from './icmp.options.js';
import { judgeIcmp, measureIcmp } from './icmp.verdict.js';

export const icmpProbe: Probe<'icmp', IcmpOptions> = { kind: 'icmp', options: icmpOptions, run };

async function run(request: ProbeRequest<IcmpOptions>, context: ProbeContext): Promise<Outcome> {
  const finish = startOutcome('icmp', request, context);
  const target = await locateHost(request.target);
  if (!target.ok) return finish({ ...judgePathFailure(target.error.failure), detail: { message: target.error.message } });

  const { count, spacingMs, timeoutS, payloadBytes, source } = request.options;
  const facts = await context.icmp.burst({
    address: target.value.address,
    count,
    spacingMs,
    timeoutMs: timeoutS * 1000,
    payloadBytes,
    source,
    signal: context.signal,
  });
  const measures = measureIcmp(facts);
  const { ttl, duplicates, lateReplies, unreachable, failure } = facts;
  return finish({
    ...judgeIcmp(facts),
    measures: { ...measures },
    rttMs: measures.rttMs?.median,
    clock: facts.clock,
    detail: {
      address: target.value.address,
      engine: context.icmp.name,
      ttl,
      duplicates,
      lateReplies,
      unreachable,
      message: failure?.message,
    },
  });
}
