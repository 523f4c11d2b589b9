import { Injectable } from '@nestjs/common';
import type { MonitorStatus } from './feed-events.js';

/** Is the monitor itself well? Fed by the wiring of the core, read by the feed, /healthz and the metrics. */
@Injectable()
export class MonitorStatusService {
  private status: MonitorStatus = { simulated: false, prober: 'down', database: 'down', calls: 'running', stop: null };
  private readonly listeners = new Set<() => void>();

  current(): MonitorStatus {
    return this.status;
  }

  update(part: Partial<MonitorStatus>): void {
    const next = { ...this.status, ...part };
    if (JSON.stringify(next) === JSON.stringify(this.status)) return;
    this.status = next;
    for (const listener of this.listeners) listener();
  }

  onChange(listener: () => void): void {
    this.listeners.add(listener);
  }
}
