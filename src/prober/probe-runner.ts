import type { Logger } from 'pino';
import { prettifyError } from 'zod';
import type { Reason } from '../common/reasons.js';
import { err, ok, type Result } from '../common/result.js';
import type { StopSignal, StopSwitch } from '../common/stop-switch.js';
import type { Outcome, Probe, ProbeContext, ProbeKind, ProbeRequest } from '../probes/contract.js';
import { onAbort } from '../probes/abort.js';
import { inconclusive, startOutcome } from '../probes/outcome.js';
import type { PlanItem } from './messages.js';

/** `PROBES` of the registry, or what a test puts in its place. */
export type ProbeRegistry = { readonly [K in ProbeKind]: Probe<ProbeKind> };

export type RunnerContext = Omit<ProbeContext, 'signal' | 'trace'>;

/** What a kind may take beside its own time-out: name resolution, ringing, BYE. The engine's last resort, not the probe's clock. */
const MARGIN_MS: Record<ProbeKind, number> = {
  icmp: 30_000,
  tcp: 15_000,
  'sip-options': 45_000,
  'h323-ping': 15_000,
  'sip-call': 75_000,
  'h323-call': 90_000,
};
/** An aborted probe hangs up and says what it saw; then it is left alone. */
const ABORT_GRACE_MS = 2_500;
/** The loop lags so much that time-outs of our own say nothing about anybody else. */
const OVERLOADED_MS = 500;

/**
 * A call that ended so says nothing of the endpoint's other protocol. Few are disturbed twice: only after an answer without usable media
 * (`codec-mismatch`, `encryption-required`, `h245-blocked`) does a room hear us a second time; an engaged room, one that rings
 * or declines, and one whose media are in doubt are not called a second time.
 */
const FALL_BACK: ReadonlySet<Reason> = new Set<Reason>([
  'no-answer',
  'refused',
  'signalling-hung',
  'not-found',
  'auth-required',
  'auth-failed',
  'codec-mismatch',
  'encryption-required',
  'redirected',
  'gatekeeper-policy',
  'server-error',
  'protocol-error',
  'h245-blocked',
]);

/**
 * Runs one probe so that there is always exactly one outcome: a probe that rejects or never ends is our bug, which is logged and
 * stored as inconclusive, never held against the endpoint.
 */
export class ProbeRunner {
  private readonly checked = new WeakMap<PlanItem, Result<unknown>>();
  private readonly others = new WeakMap<PlanItem, PlanItem>();

  constructor(
    private readonly probes: ProbeRegistry,
    private readonly context: RunnerContext,
    private readonly log: Logger,
  ) {}

  async run(item: PlanItem, runId: string, vantage: string, stop: StopSwitch): Promise<Outcome> {
    const outcome = await this.runOne(item, runId, vantage, stop);
    const other = this.fallBackOf(item);
    if (!other || !FALL_BACK.has(outcome.reason) || stop.aborted) return outcome;
    const { kind, target, reason, detail } = outcome;
    const second = await this.runOne(other, runId, vantage, stop);
    return { ...second, detail: { ...second.detail, fellBackFrom: { kind, target, reason, failure: detail?.failure } } };
  }

  /** One object for all rounds, so that its options are checked once. */
  private fallBackOf(item: PlanItem): PlanItem | undefined {
    if (!item.fallBack) return undefined;
    const known = this.others.get(item) ?? { ...item, ...item.fallBack, fallBack: undefined };
    this.others.set(item, known);
    return known;
  }

  private runOne(item: PlanItem, runId: string, vantage: string, stop: StopSwitch): Promise<Outcome> {
    const { endpointId, target, area } = item;
    const options = this.optionsOf(item);
    const request = { runId, endpointId, target, vantage, area, options: options.ok ? options.value : undefined };
    const give = startOutcome(item.kind, request, this.context);
    if (!options.ok) {
      this.log.error({ endpointId, kind: item.kind, problem: options.error }, 'options of the plan refused');
      return Promise.resolve(give({ ...inconclusive('unavailable-here'), detail: { message: options.error } }));
    }
    return new Promise((resolve) => {
      const end = this.watch(item, stop, (message) => resolve(give({ ...this.ownFault(), detail: { message } })));
      void this.observe(item.kind, request, stop).then((outcome) => {
        end();
        resolve(outcome ?? give({ ...inconclusive('aborted'), detail: { message: 'the probe itself failed' } }));
      });
    });
  }

  /** Checked once for all rounds of an item: the check was a third of the work of an OPTIONS probe. */
  private optionsOf(item: PlanItem): Result<unknown> {
    const known = this.checked.get(item);
    if (known) return known;
    const parsed = this.probes[item.kind].options.safeParse(item.options);
    const options = parsed.success ? ok(parsed.data) : err(prettifyError(parsed.error));
    this.checked.set(item, options);
    return options;
  }

  /** null: it rejected. */
  private async observe(kind: ProbeKind, request: ProbeRequest, signal: StopSignal): Promise<Outcome | null> {
    try {
      return await this.probes[kind].run(request, { ...this.context, signal });
    } catch (error) {
      this.log.error({ err: error, kind, endpointId: request.endpointId }, 'probe rejected');
      return null;
    }
  }

  /** Ends what does not end by itself: after the hard deadline, or a moment after it was aborted. */
  private watch(item: PlanItem, stop: StopSwitch, giveUp: (why: string) => void): () => void {
    const { scheduler } = this.context;
    const limitMs = runLimitMs(item);
    let cancelGrace = (): void => undefined;
    const cancelLimit = scheduler.after(limitMs, () => {
      this.log.error({ kind: item.kind, endpointId: item.endpointId, limitMs }, 'probe overran its deadline');
      giveUp('the probe overran its deadline');
      unwatch();
      stop.abort();
    });
    const unwatch = onAbort(stop, () => {
      cancelGrace = scheduler.after(ABORT_GRACE_MS, () => giveUp('the probe did not end when told to'));
    });
    return () => {
      unwatch();
      cancelLimit();
      cancelGrace();
    };
  }

  private ownFault(): ReturnType<typeof inconclusive> {
    return inconclusive(this.context.loopLagMs() > OVERLOADED_MS ? 'self-overloaded' : 'aborted');
  }
}

/** The time-outs the item itself asks for (options in seconds end in S), and the margin of its kind. */
function runLimitMs(item: PlanItem): number {
  const seconds = Object.entries(item.options).map(([name, value]) =>
    /[a-z]S$/.test(name) && typeof value === 'number' ? value : 0,
  );
  return MARGIN_MS[item.kind] + 1_000 * seconds.reduce((sum, value) => sum + Math.max(0, value), 0);
}
