import { Injectable, NotFoundException, ServiceUnavailableException, UnprocessableEntityException } from '@nestjs/common';
import { newRunId } from '../common/ids.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { CheckNow } from '../prober/messages.js';
import type { Observation, Outcome, ProbeKind } from '../probes/contract.js';
import { ResultsService } from '../results/results.service.js';
import { HealthService } from './health.service.js';

export type CheckStatus = 'queued' | 'running' | 'done';

export interface Check {
  runId: string;
  status: CheckStatus;
  endpointId: string | null;
  kind: ProbeKind;
  outcome?: Observation;
}

/** Requested checks that have no outcome yet, and the last that have: bounded, since the database keeps the rest. */
const REMEMBERED = 5_000;

/** "Check now": hands a request to the prober and follows it until its outcome. */
@Injectable()
export class ChecksService {
  private readonly checks = new Map<string, Check>();

  constructor(
    private readonly prober: ProberHost,
    private readonly health: HealthService,
    private readonly results: ResultsService,
  ) {
    prober.onStarted(({ runId }) => {
      const check = this.checks.get(runId);
      if (check?.status === 'queued') check.status = 'running';
    });
  }

  /**
   * @param override call in spite of a back-off after busy, declined or not-auto-answering
   * @returns the ids of the runs, one for each kind, to be followed with `find`
   */
  request(endpointId: string, kinds?: ProbeKind[], override = false): string[] {
    if (!this.health.view(endpointId)) throw new NotFoundException(`no endpoint "${endpointId}" in the inventory`);
    const planned = Object.keys(this.health.intervals(endpointId)) as ProbeKind[];
    const unplanned = kinds?.filter((kind) => !planned.includes(kind)) ?? [];
    if (unplanned.length) {
      throw new UnprocessableEntityException(
        `probes: ${unplanned.join(', ')} not set up for ${endpointId}; it has ${planned.join(', ')}`,
      );
    }
    const checks = (kinds ?? planned).map((kind) => ({ endpointId, kind, runId: newRunId() }));
    this.order(checks.map((check) => ({ ...check, override })));
    return checks.map((check) => check.runId);
  }

  /** Hands over orders that somebody waits for. @throws while there is no prober to take them */
  order(checks: CheckNow[]): void {
    if (!this.prober.checkNow(checks))
      throw new ServiceUnavailableException('the prober is being restarted; try again in a few seconds');
    for (const { runId, endpointId, kind } of checks) this.remember({ runId, endpointId, kind, status: 'queued' });
  }

  outcomesSeen(outcomes: Outcome[]): void {
    for (const outcome of outcomes) {
      const check = this.checks.get(outcome.runId);
      if (check) Object.assign(check, { status: 'done', outcome });
    }
  }

  async find(runId: string): Promise<Check> {
    const check = this.checks.get(runId);
    if (check) return check;
    const outcome = await this.results.byRunId(runId);
    if (!outcome) throw new NotFoundException(`no check "${runId}"`);
    return { runId, status: 'done', endpointId: outcome.endpointId, kind: outcome.kind, outcome };
  }

  private remember(check: Check): void {
    this.checks.set(check.runId, check);
    for (const oldest of this.checks.keys()) {
      if (this.checks.size <= REMEMBERED) break;
      this.checks.delete(oldest);
    }
  }
}
