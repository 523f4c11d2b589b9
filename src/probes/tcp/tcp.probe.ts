import { connectTcp } from '../../net/tcp-connect.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { locateHost } from '../endpoint-address.js';
import { rounded, startOutcome } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { type TcpOptions, tcpOptions } from './tcp.options.js';
import { judgeTcp } from './tcp.verdict.js';

export const tcpProbe: Probe<'tcp', TcpOptions> = { kind: 'tcp', options: tcpOptions, run };

async function run(request: ProbeRequest<TcpOptions>, context: ProbeContext): Promise<Outcome> {
  const finish = startOutcome('tcp', request, context);
  const target = await locateHost(request.target);
  if (!target.ok) return finish({ ...judgePathFailure(target.error.failure), detail: { message: target.error.message } });

  const port = target.value.port ?? request.options.port;
  const beganMs = context.scheduler.monotonicMs();
  const connected = await connectTcp({
    address: target.value.address,
    port,
    source: request.options.source,
    timeoutMs: request.options.timeoutS * 1000,
    signal: context.signal,
  });
  const detail = { address: target.value.address, port };
  if (!connected.ok) return finish({ ...judgeTcp(connected.error), detail: { ...detail, failure: connected.error } });
  const connectMs = rounded(context.scheduler.monotonicMs() - beganMs);
  connected.value.destroy();
  return finish({ ...judgeTcp(undefined), rttMs: connectMs, measures: { connectMs }, detail });
}
