import { Inject, Injectable, Optional } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { type Clock, CLOCK, systemClock } from '../common/clock.js';
import { newRunId } from '../common/ids.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { isReferenceAddress } from '../config/health-schema.js';
import { ProberHost } from '../prober/host/prober-host.js';
import type { CheckNow } from '../prober/messages.js';
import type { Observation, ProbeKind } from '../probes/contract.js';
import { DoubtWatch, probedAs } from './doubt-watch.js';
import { FleetSuspicion } from './fleet-suspicion.js';
import { HealthService } from './health.service.js';

const LOOK_MS = 5_000;
/** A check that has not begun by then tells nothing sooner than the routine. */
const CHECK_WITHIN_MS = 5_000;
const LIGHT_KINDS = ['icmp', 'sip-options', 'tcp'] as const satisfies readonly ProbeKind[];

/** Tells health when the monitor does not see, and when it sees again. */
@Injectable()
export class DoubtService {
  private readonly watch: DoubtWatch;
  private readonly suspicion = new FleetSuspicion();
  private readonly references: readonly string[];

  constructor(
    @Inject(APP_CONFIG) { health: settings }: AppConfig,
    private readonly health: HealthService,
    private readonly prober: ProberHost,
    @Optional() @Inject(CLOCK) private readonly clock: Clock = systemClock,
  ) {
    this.references = settings.references;
    this.watch = new DoubtWatch(settings.references, settings.referenceIntervalSeconds * 1000, settings.overloadLagMs);
  }

  /** Before health is told of them: what fails with the references is held against nobody. */
  outcomesSeen(outcomes: readonly Observation[]): void {
    this.watch.saw(outcomes);
    const probed = new Set(this.references.map(probedAs));
    const ofFleet = outcomes.filter(({ endpointId }) => endpointId !== null && !probed.has(endpointId));
    // before health asks for confirming probes: the references are looked at before anybody is called down
    if (this.suspicion.saw(ofFleet, this.clock.wallMs())) this.checkReferences();
    this.tell();
  }

  @Interval(LOOK_MS)
  look(): void {
    this.watch.sawLag(this.prober.stats()?.loopLagP99Ms ?? null, this.clock.wallMs());
    this.tell();
  }

  private checkReferences(): void {
    const checks = this.references.flatMap((reference): CheckNow[] => {
      const endpointId = probedAs(reference);
      const planned = this.health.intervals(endpointId);
      const kind = isReferenceAddress(reference) ? 'icmp' : LIGHT_KINDS.find((one) => planned[one] !== undefined);
      return kind ? [{ endpointId, kind, runId: newRunId(), withinMs: CHECK_WITHIN_MS }] : [];
    });
    if (checks.length) this.prober.checkNow(checks);
  }

  private tell(): void {
    const nowMs = this.clock.wallMs();
    const doubt = this.watch.doubtAt(nowMs, this.suspicion.suspectedSince(nowMs));
    if (doubt?.why !== this.health.doubt()?.why) this.health.setDoubt(doubt);
  }
}
