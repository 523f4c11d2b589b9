import { type Incident, type IncidentEventType, isOpen } from './incident.js';
import type { IncidentChange } from './incident-book.js';

/** A failure that stands alone may be the first of a carrier's outage; the rest follows within a round of light probes. */
export const ALONE_SETTLE_MS = 90_000;

export interface Announcement {
  type: IncidentEventType;
  incident: Incident;
}

/**
 * Which changes are told to people. A cause is told once: single failures wait until it is clear that they are none of a wider cause,
 * and what was never told is not told to be over. Only notices are held back, nothing else.
 */
export class Announcements {
  private readonly told = new Set<string>();

  /** After a start. @returns how it stands with what was told of, to be told again: a crash may have lost it on its way */
  restore(incidents: readonly Incident[]): Announcement[] {
    const announced = incidents.filter((one) => one.announced);
    for (const { id } of announced) this.told.add(id);
    return announced.flatMap(lastTold);
  }

  take(changes: readonly IncidentChange[], open: readonly Incident[], nowMs: number): Announcement[] {
    const due = open
      .filter(
        ({ id, cause, openedMs }) => !this.told.has(id) && (cause.kind !== 'endpoint' || nowMs - openedMs >= ALONE_SETTLE_MS),
      )
      .map((incident): Announcement => this.tell('opened', incident));
    const opened = new Set(due.map(({ incident }) => incident.id));
    const others = changes.flatMap(({ type, incident }): Announcement[] => {
      if (type === 'opened' || !this.told.has(incident.id) || opened.has(incident.id)) return [];
      // its members live on in the wider incident, which is told
      if (type === 'merged') return [];
      return [{ type, incident }];
    });
    return [...due, ...others];
  }

  private tell(type: IncidentEventType, incident: Incident): Announcement {
    this.told.add(incident.id);
    incident.announced = true;
    return { type, incident };
  }
}

function lastTold(incident: Incident): Announcement[] {
  if (!isOpen(incident)) return incident.state === 'resolved' ? [{ type: 'resolved', incident }] : [];
  const opened: Announcement = { type: incident.reopened > 0 ? 'reopened' : 'opened', incident };
  return incident.acknowledged ? [opened, { type: 'acknowledged', incident }] : [opened];
}
