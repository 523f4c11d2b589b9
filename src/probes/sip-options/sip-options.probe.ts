import type { Cancel } from '../../common/clock.js';
import { type OptionsFacts, OptionsRequest } from '../../protocols/sip/options-client.js';
import { onAbort } from '../abort.js';
import type { Outcome, Probe, ProbeContext, ProbeRequest } from '../contract.js';
import { roundedOrAbsent, startOutcome } from '../outcome.js';
import { judgePathFailure } from '../reach.verdict.js';
import { openSipPath, type SipPathTo, USER_AGENT } from '../sip-path.js';
import { type SipOptionsOptions, sipOptionsOptions } from './sip-options.options.js';
import { judgeOptions } from './sip-options.verdict.js';

export const sipOptionsProbe: Probe<'sip-options', SipOptionsOptions> = { kind: 'sip-options', options: sipOptionsOptions, run };

async function run(request: ProbeRequest<SipOptionsOptions>, context: ProbeContext): Promise<Outcome> {
  const finish = startOutcome('sip-options', request, context);
  const timeoutMs = request.options.timeoutS * 1000;
  let exchange: OptionsRequest | undefined;
  const opening = openSipPath(request.target, request.options, { connectTimeoutMs: timeoutMs, hub: context.sipHub }, context, {
    onMessage: (message, arrivalMs) => exchange?.receive(message, arrivalMs),
    onFailure: (failure) => exchange?.transportFailed(failure),
  });
  const path = opening instanceof Promise ? await opening : opening;
  if (!path.ok) return finish({ ...judgePathFailure(path.error.failure), detail: { message: path.error.message } });

  const { target, transport } = path.value;
  let stopWatching: Cancel | undefined;
  const facts = await new Promise<OptionsFacts>((resolve) => {
    const current = new OptionsRequest(
      requestConfig(path.value, timeoutMs),
      { transport, scheduler: context.scheduler, random: context.random },
      resolve,
    );
    exchange = current;
    current.start();
    stopWatching = onAbort(context.signal, () => current.abort());
  });
  stopWatching?.();
  transport.close();

  const { result, reason, note } = judgeOptions(facts, context.signal.aborted);
  const { status, reasonPhrase, sends, allow, userAgent, failure, ladder } = facts;
  return finish({
    result,
    reason,
    rttMs: roundedOrAbsent(facts.rttMs),
    clock: facts.clock,
    detail: {
      address: target.address,
      port: target.port,
      transport: target.transport,
      status,
      reasonPhrase,
      note,
      sends,
      allow,
      userAgent,
      failure,
      ...path.value.oddities(),
    },
    evidence: result === 'pass' ? undefined : { ladder: ladder() },
  });
}

const requestConfig = ({ target, from, routes }: SipPathTo, timeoutMs: number) => ({
  target: target.uri,
  from,
  userAgent: USER_AGENT,
  timeoutMs,
  routes,
});
