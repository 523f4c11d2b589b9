import type { Cancel, Scheduler } from '../../common/clock.js';
import type { RandomSource } from '../../common/random.js';
import type { SipMessage } from '../../protocols/sip/message.js';
import type { SipTransport } from '../../protocols/sip/transport.js';
import { activeFaults, behaviourAt, HEALTHY, nextChangeInMs, type Behaviour, type TimedFault } from '../faults/behaviour.js';
import type { Fault, FaultName } from '../faults/fault.js';
import { H323Device } from '../h323/h323-device.js';
import type { CallEnd } from '../h323/scripted-call.js';
import type { MediaHost } from '../media/media-host.js';
import { SipAgent } from '../signalling/sip-agent.js';
import type { LabEndpoint } from './endpoint-list.js';
import { SipListener } from './sip-listener.js';
import { TcpListener } from './tcp-listener.js';

export const SIP_PORT = 5060;
export const H323_PORT = 1720;

/** What the control and the tests see of an endpoint. */
export interface EndpointStatus extends LabEndpoint {
  faults: Fault[];
  /** those of the faults that hold at this moment */
  active: FaultName[];
  inCall: boolean;
  /** INVITEs and SETUPs that began a call, since the start */
  calls: number;
  /** open channels of the call over H.323, and how the last such call ended */
  h323: { openChannels: number; lastEnd?: CallEnd };
}

export interface EndpointTools {
  scheduler: Scheduler;
  random: RandomSource;
  media: MediaHost;
}

/** One device at one address: its ports, its SIP user agent, its H.323 side, and what is wrong with it. */
export class SimulatedEndpoint {
  private faults: TimedFault[] = [];
  private behaviour: Readonly<Behaviour> = HEALTHY;
  private readonly sip: SipListener;
  private readonly h323: TcpListener;
  private readonly agent: SipAgent;
  private readonly device: H323Device;
  private readonly delayed = new Set<Cancel>();
  /** port changes one after the other: a port that is still closing cannot be opened */
  private portsSettled: Promise<void> = Promise.resolve();

  constructor(
    readonly identity: LabEndpoint,
    private readonly tools: EndpointTools,
  ) {
    const behaviour = (): Readonly<Behaviour> => this.behaviour;
    const shared = {
      address: identity.address,
      scheduler: tools.scheduler,
      random: tools.random,
      behaviour,
      openMedia: () => tools.media.open(identity.address, behaviour),
    };
    this.agent = new SipAgent({ ...shared, inOtherCall: () => this.device.inCall });
    this.device = new H323Device({ ...shared, inOtherCall: () => this.agent.inCall });
    this.sip = new SipListener(identity.address, SIP_PORT, (message, flow) => this.receive(message, flow));
    this.h323 = new TcpListener(identity.address, H323_PORT, (socket) => this.device.serve(socket));
  }

  get status(): EndpointStatus {
    const nowMs = this.tools.scheduler.monotonicMs();
    return {
      ...this.identity,
      faults: this.faults.map(({ fault }) => fault),
      active: activeFaults(this.faults, nowMs).map(({ fault }) => fault.fault),
      inCall: this.agent.inCall || this.device.inCall,
      calls: this.agent.calls + this.device.calls,
      h323: { openChannels: this.device.openChannels, lastEnd: this.device.lastEnd },
    };
  }

  /** Resolves when the ports are as the faults want them. */
  setFaults(faults: readonly Fault[]): Promise<void> {
    const sinceMs = this.tools.scheduler.monotonicMs();
    this.faults = faults.map((fault) => ({ fault, sinceMs }));
    return this.refresh();
  }

  /** Applies what holds at this moment of the schedules. */
  refresh(): Promise<void> {
    this.behaviour = behaviourAt(this.faults, this.tools.scheduler.monotonicMs());
    this.tools.media.behaviourChanged(this.identity.address);
    const settled = this.portsSettled.then(() => this.applyPorts());
    this.portsSettled = settled.catch(() => undefined);
    return settled;
  }

  nextChangeInMs(nowMs: number): number | undefined {
    return nextChangeInMs(this.faults, nowMs);
  }

  async stop(): Promise<void> {
    for (const cancel of this.delayed) cancel();
    this.delayed.clear();
    this.agent.close();
    this.device.close();
    await this.portsSettled;
    this.h323.close();
    await this.sip.close();
  }

  private async applyPorts(): Promise<void> {
    const { sip, h323Open } = this.behaviour;
    await this.sip.become(sip);
    if (h323Open) await this.h323.open();
    else this.h323.shut();
  }

  private receive(message: SipMessage, flow: SipTransport): void {
    const { signallingDelayMs } = this.behaviour;
    if (signallingDelayMs === 0) return this.agent.receive(message, flow);
    const cancel = this.tools.scheduler.after(signallingDelayMs, () => {
      this.delayed.delete(cancel);
      this.agent.receive(message, flow);
    });
    this.delayed.add(cancel);
  }
}
