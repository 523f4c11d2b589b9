import type { Clock } from '../common/clock.js';
import type { Delta, EndpointView, IncidentView, MonitorStatus, SessionView, Snapshot } from './feed-events.js';

export interface FeedContent {
  endpoints: EndpointView[];
  sessions: SessionView[];
  incidents: IncidentView[];
  monitor: MonitorStatus;
}

/** What changed since the last delta. Pure: when to send is the gateway's business. */
export class LiveFeed {
  private seq = 0;
  private readonly changed = new Map<string, EndpointView>();
  private readonly removed = new Set<string>();
  private readonly sessions = new Map<string, SessionView>();
  private readonly incidents = new Map<string, IncidentView>();
  private monitorChanged = false;

  constructor(
    private readonly clock: Clock,
    private readonly current: () => FeedContent,
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

  sessionsChanged(changed: readonly SessionView[]): void {
    for (const view of changed) this.sessions.set(view.id, view);
  }

  incidentsChanged(changed: readonly IncidentView[]): void {
    for (const view of changed) this.incidents.set(view.id, view);
  }

  monitorStatusChanged(): void {
    this.monitorChanged = true;
  }

  /** Everything, as of the last delta's `seq`: what is still pending comes again with the next delta, which is harmless. */
  snapshot(): Snapshot {
    const content = this.current();
    return { seq: this.seq, at: this.now(), ...content, simulated: content.monitor.simulated };
  }

  /** The next delta, or null when nothing changed. `seq` rises by one with each. */
  takeDelta(): Delta | null {
    if (!this.hasNews()) return null;
    const delta: Delta = { seq: ++this.seq, at: this.now() };
    if (this.changed.size) delta.endpoints = [...this.changed.values()];
    if (this.removed.size) delta.removed = [...this.removed];
    if (this.sessions.size) delta.sessions = [...this.sessions.values()];
    if (this.incidents.size) delta.incidents = [...this.incidents.values()];
    if (this.monitorChanged) delta.monitor = this.current().monitor;
    this.changed.clear();
    this.removed.clear();
    this.sessions.clear();
    this.incidents.clear();
    this.monitorChanged = false;
    return delta;
  }

  private hasNews(): boolean {
    return this.monitorChanged || [this.changed, this.removed, this.sessions, this.incidents].some(({ size }) => size > 0);
  }

  private now(): string {
    return new Date(this.clock.wallMs()).toISOString();
  }
}
