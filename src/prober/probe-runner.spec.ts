import pino from 'pino';
import { z } from 'zod';
import type { Reason } from '../common/reasons.js';
import { StopSwitch } from '../common/stop-switch.js';
import { ManualScheduler } from '../common/manual-scheduler.js';
import type { Outcome, Probe, ProbeKind, ProbeRequest } from '../probes/contract.js';
import { PROBE_KINDS } from '../probes/contract.js';
import { startOutcome } from '../probes/outcome.js';
import type { PlanItem } from './messages.js';
import { type ProbeRegistry, ProbeRunner, type RunnerContext } from './probe-runner.js';

const context = { scheduler: new ManualScheduler(), loopLagMs: () => 0 } as Partial<RunnerContext> as RunnerContext;

/** Calls over SIP end as told, those over H.323 well. */
function outcomeOf(sip: Reason, item: Partial<PlanItem>, stop = new StopSwitch()): Promise<Outcome> {
  const probe = (kind: ProbeKind): Probe<ProbeKind> => ({
    kind,
    options: z.looseObject({}),
    run: (request: ProbeRequest) => {
      const reason = kind === 'sip-call' ? sip : 'ok';
      return Promise.resolve(startOutcome(kind, request, context)({ result: reason === 'ok' ? 'pass' : 'fail', reason }));
    },
  });
  const probes = Object.fromEntries(PROBE_KINDS.map((kind) => [kind, probe(kind)])) as unknown as ProbeRegistry;
  const whole: PlanItem = {
    ...{ endpointId: '1', kind: 'sip-call', target: 'sip:a@10.1.2.3', options: {}, intervalMs: 1, area: '', carrier: '' },
    ...item,
  };
  return new ProbeRunner(probes, context, pino({ level: 'silent' })).run(whole, 'run-1', 'test', stop);
}

const FALL_BACK = { kind: 'h323-call', target: '10.1.2.3', options: {} } as const;

describe('a call of an endpoint that speaks two protocols', () => {
  it.each<Reason>(['no-answer', 'refused', 'signalling-hung', 'encryption-required', 'gatekeeper-policy'])(
    'is made over the other after %s, and says so',
    async (reason) => {
      expect(await outcomeOf(reason, { fallBack: FALL_BACK })).toMatchObject({
        ...{ runId: 'run-1', kind: 'h323-call', target: '10.1.2.3', reason: 'ok' },
        detail: { fellBackFrom: { kind: 'sip-call', target: 'sip:a@10.1.2.3', reason } },
      });
    },
  );

  it.each<Reason>(['ok', 'busy', 'declined', 'not-auto-answering', 'one-way-in', 'peer-hung-up', 'aborted'])(
    'is made once where it ends as %s: nobody is disturbed twice',
    async (reason) => {
      expect(await outcomeOf(reason, { fallBack: FALL_BACK })).toMatchObject({ kind: 'sip-call', reason });
    },
  );

  it('is made once where there is nothing to fall back to, or where we are to stop', async () => {
    expect(await outcomeOf('no-answer', {})).toMatchObject({ kind: 'sip-call' });
    const stop = new StopSwitch();
    const running = outcomeOf('no-answer', { fallBack: FALL_BACK }, stop);
    stop.abort();
    expect(await running).toMatchObject({ kind: 'sip-call' });
  });
});
