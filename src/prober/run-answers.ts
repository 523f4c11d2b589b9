import { newRunId } from '../common/ids.js';
import type { Outcome } from '../probes/contract.js';
import { inconclusive, startOutcome, type Verdict } from '../probes/outcome.js';
import { detailOf, type Refusal } from './harm-gate.js';
import type { CheckNow } from './messages.js';
import type { Order } from './order-book.js';
import type { RunnerContext } from './probe-runner.js';

type Run = Pick<CheckNow, 'runId' | 'endpointId' | 'kind'>;

/** Tells everyone who asked what became of a run, also of one that did not take place: each run id has exactly one outcome. */
export class RunAnswers {
  vantage = '';

  constructor(
    private readonly context: Pick<RunnerContext, 'scheduler' | 'loopLagMs'>,
    /** `requested`: somebody waits for it */
    private readonly onOutcome: (outcome: Outcome, requested: boolean) => void,
  ) {}

  /** @param ended why it was told to end @returns the outcome as it was told, under the first of its ids */
  finished({ requestedRunIds, repeatOf }: Order, outcome: Outcome, ended?: Refusal): Outcome {
    const why = ended && outcome.reason === 'aborted' ? detailOf(ended, this.context.scheduler.wallMs()) : undefined;
    const more = repeatOf === undefined ? why : { ...why, repeatOf };
    const told = more === undefined ? outcome : { ...outcome, detail: { ...outcome.detail, ...more } };
    const copies = copiesFor(requestedRunIds, told);
    for (const copy of copies) this.onOutcome(copy, requestedRunIds.length > 0);
    return copies[0] ?? told;
  }

  /** Every refusal is an outcome, also of a routine run: the record says why a room was not called. */
  refused({ item, requestedRunIds }: Order, refusal: Refusal): void {
    const requested = requestedRunIds.length > 0;
    const observed = { ...inconclusive(refusal.reason), detail: detailOf(refusal, this.context.scheduler.wallMs()) };
    for (const runId of requested ? requestedRunIds : [newRunId()])
      this.tell({ ...item, runId }, item.target, observed, requested);
  }

  /** Taken back before it began; a routine run just does not take place. */
  withdrawn({ item, requestedRunIds }: Order, verdict: Verdict, message: string): void {
    for (const runId of requestedRunIds) this.answer({ ...item, runId }, item.target, verdict, message);
  }

  answer(run: Run, target: string, verdict: Verdict, message: string): void {
    this.tell(run, target, { ...verdict, detail: { message } }, true);
  }

  private tell(
    { runId, endpointId, kind }: Run,
    target: string,
    observed: Verdict & Pick<Outcome, 'detail'>,
    requested: boolean,
  ): void {
    const request = { runId, endpointId, target, vantage: this.vantage, options: undefined };
    this.onOutcome(startOutcome(kind, request, this.context)(observed), requested);
  }
}

/** The outcome under the id of everyone who asked; unasked it keeps its own. */
function copiesFor(requestedRunIds: readonly string[], outcome: Outcome): Outcome[] {
  const [first, ...others] = requestedRunIds;
  if (first === undefined) return [outcome];
  const copies = others.map((runId) => ({ ...outcome, runId, detail: { ...outcome.detail, sameRunAs: first } }));
  return [{ ...outcome, runId: first }, ...copies];
}
