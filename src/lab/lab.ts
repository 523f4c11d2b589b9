import { systemScheduler, type Cancel, type Scheduler } from '../common/clock.js';
import { systemRandom } from '../common/random.js';
import { openControl, type ControlServer } from './control/control-server.js';
import type { LabEndpoint } from './endpoints/endpoint-list.js';
import { SimulatedEndpoint, type EndpointStatus } from './endpoints/simulated-endpoint.js';
import { faultSchema, type Fault, type FaultInput } from './faults/fault.js';
import { LabGatekeeper } from './gatekeeper/lab-gatekeeper.js';
import { NO_FAULTS, selects, type FaultPlan } from './faults/fault-file.js';
import { MediaHere, type MediaHost } from './media/media-host.js';

export interface LabOptions {
  endpoints: readonly LabEndpoint[];
  faults?: FaultPlan;
  /** opens the HTTP control on 127.0.0.1; port 0 = any free one */
  control?: { port: number };
  /** a gatekeeper at this address that knows the endpoints by their codes */
  gatekeeper?: { address: string };
  scheduler?: Scheduler;
  /** where the calls' media runs, closed with the lab; without one in this thread */
  media?: MediaHost;
}

export interface Lab {
  readonly endpoints: readonly EndpointStatus[];
  /** where the control listens */
  readonly controlPort: number | undefined;
  /** positions of those entries of the fault plan that are aimed at no endpoint of this lab */
  readonly unmatched: readonly number[];
  find(key: string): EndpointStatus | undefined;
  /** Replaces all faults of one endpoint, given by address or code; resolves when its ports are as the faults want them. */
  setFault(key: string, ...faults: FaultInput[]): Promise<void>;
  /** Also takes away what came from the fault plan. */
  clearFault(key: string): Promise<void>;
  /** Ends all calls, closes every socket and leaves no timer. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Starts simulated endpoints, each on its own loopback address.
 * @throws when an address cannot be bound (in use, or not 127.0.0.0/8 on a machine that does not own it)
 */
export async function startLab(options: LabOptions): Promise<Lab> {
  const lab = new RunningLab(options);
  try {
    await lab.start(options);
    return lab;
  } catch (error) {
    await lab.stop();
    throw error;
  }
}

class RunningLab implements Lab {
  readonly unmatched: number[];
  private readonly scheduler: Scheduler;
  private readonly media: MediaHost;
  private readonly simulated: SimulatedEndpoint[];
  private readonly byKey = new Map<string, SimulatedEndpoint>();
  private readonly plan: FaultPlan;
  private control: ControlServer | undefined;
  private gatekeeper: LabGatekeeper | undefined;
  private cancelChange: Cancel | undefined;
  private stopped: Promise<void> | undefined;

  constructor({ endpoints, faults = NO_FAULTS, scheduler = systemScheduler, media }: LabOptions) {
    this.plan = faults;
    this.scheduler = scheduler;
    this.media = media ?? new MediaHere(faults.seed, scheduler);
    const tools = { scheduler, random: systemRandom, media: this.media };
    this.simulated = endpoints.map((endpoint) => new SimulatedEndpoint(endpoint, tools));
    for (const endpoint of this.simulated) {
      this.byKey.set(endpoint.identity.address, endpoint);
      // several endpoints of one site share its code: the first is the main one
      if (!this.byKey.has(endpoint.identity.code)) this.byKey.set(endpoint.identity.code, endpoint);
    }
    this.unmatched = faults.faults.flatMap(({ on }, index) =>
      endpoints.some((endpoint) => selects(on, endpoint)) ? [] : [index],
    );
  }

  get endpoints(): EndpointStatus[] {
    return this.simulated.map((endpoint) => endpoint.status);
  }

  get controlPort(): number | undefined {
    return this.control?.port;
  }

  async start({ control, gatekeeper }: LabOptions): Promise<void> {
    // settled, not all: a lab that is stopped while a port is still opening would leave that port behind
    const started = await Promise.allSettled(this.simulated.map((endpoint) => endpoint.setFaults(this.planned(endpoint))));
    const failed = started.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
    if (gatekeeper) {
      const find = (alias: string): string | undefined => this.byKey.get(alias)?.identity.address;
      this.gatekeeper = await LabGatekeeper.open({ ...gatekeeper, find });
    }
    if (control) this.control = await openControl(this, control.port);
    this.awaitChange();
  }

  find(key: string): EndpointStatus | undefined {
    return this.byKey.get(key)?.status;
  }

  async setFault(key: string, ...faults: FaultInput[]): Promise<void> {
    await this.change(
      key,
      faults.map((fault) => faultSchema.parse(fault)),
    );
  }

  async clearFault(key: string): Promise<void> {
    await this.change(key, []);
  }

  stop(): Promise<void> {
    this.stopped ??= this.shutDown();
    return this.stopped;
  }

  private planned({ identity }: SimulatedEndpoint): Fault[] {
    return this.plan.faults.filter(({ on }) => selects(on, identity)).flatMap(({ is }) => is);
  }

  private async change(key: string, faults: Fault[]): Promise<void> {
    const endpoint = this.byKey.get(key);
    if (!endpoint) throw new RangeError(`no endpoint with address or code "${key}"`);
    await endpoint.setFaults(faults);
    this.awaitChange();
  }

  /** One timer for the schedules of all endpoints, set to the earliest change. */
  private awaitChange(): void {
    this.cancelChange?.();
    this.cancelChange = undefined;
    if (this.stopped) return;
    const nowMs = this.scheduler.monotonicMs();
    const delays = this.simulated.map((endpoint) => endpoint.nextChangeInMs(nowMs)).filter((delayMs) => delayMs !== undefined);
    if (delays.length === 0) return;
    this.cancelChange = this.scheduler.after(Math.max(1, Math.min(...delays)), () => this.applyChanges());
  }

  private applyChanges(): void {
    // a port that somebody took meanwhile stays closed until the next change; the endpoint then looks as if refused
    for (const endpoint of this.simulated) void endpoint.refresh().catch(() => undefined);
    this.awaitChange();
  }

  private async shutDown(): Promise<void> {
    this.cancelChange?.();
    await this.control?.close();
    await this.gatekeeper?.close();
    await Promise.all(this.simulated.map((endpoint) => endpoint.stop()));
    await this.media.close();
  }
}
