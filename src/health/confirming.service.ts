import { Injectable } from '@nestjs/common';
import { newRunId } from '../common/ids.js';
import { ProberHost } from '../prober/host/prober-host.js';
import { HealthService } from './health.service.js';

/** A confirmation that comes later than this has lost its point: the next routine result is as near. */
const WITHIN_MS = 60_000;

/** Orders the one probe that decides whether an endpoint is really down, ahead of the routine. */
@Injectable()
export class ConfirmingService {
  constructor(health: HealthService, prober: ProberHost) {
    health.onConfirmationWanted((wanted) => {
      // not taken while the prober is being restarted: then routine results decide, N of M
      prober.checkNow(wanted.map((one) => ({ ...one, runId: newRunId(), withinMs: WITHIN_MS })));
    });
  }
}
