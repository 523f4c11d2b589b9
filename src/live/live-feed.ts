import type { Clock } from '../common/clock.js';
import type { Delta, EndpointView, MonitorStatus, Snapshot } from './feed-events.js';

/** What changed since the last delta. Pure: when to send is the gateway's business. */
export class LiveFeed {
  private seq = 0;
  private readonly changed = new Map<string, EndpointView>();
  private readonly removed = new Set<string>();
  private monitorChanged = false;

  constructor(
    private readonly clock: Clock,
    private readonly current: () => { endpoints: EndpointView[]; monitor: MonitorStatus },
  ) {}

  endpointsChanged(changed: EndpointView[], removed: string[]): void {
    for (const view of changed) {
      this.changed.set(view.id, view);
      this.removed.delete(view.id);
    }
    for (const id of removed) {
      this.changed.delete(id);
      this.removed.add(id);
    }
  }

  monitorStatusChanged(): void {
    this.monitorChanged = true;
  }

  /** Everything, as of the last delta's `seq`: what is still pending comes again with the next delta, which is harmless. */
  snapshot(): Snapshot {
    const { endpoints, monitor } = this.current();
    return { seq: this.seq, at: this.now(), endpoints, sessions: [], incidents: [], simulated: monitor.simulated, monitor };
  }

  /** The next delta, or null when nothing changed. `seq` rises by one with each. */
  takeDelta(): Delta | null {
    if (!this.changed.size && !this.removed.size && !this.monitorChanged) return null;
    const delta: Delta = { seq: ++this.seq, at: this.now() };
    if (this.changed.size) delta.endpoints = [...this.changed.values()];
    if (this.removed.size) delta.removed = [...this.removed];
    if (this.monitorChanged) delta.monitor = this.current().monitor;
    this.changed.clear();
    this.removed.clear();
    this.monitorChanged = false;
    return delta;
  }

  private now(): string {
    return new Date(this.clock.wallMs()).toISOString();
  }
}
