import { type Cause, CAUSE_KINDS, causeKey } from './cause.js';
import type { Assignment, OpenCause } from './correlator.js';
import type { Acknowledgement, AuditEntry, Evidence, Incident, IncidentEventType, Severity } from './incident.js';
import { isOpen } from './incident.js';

/** What the book asks of the world: names of things, never the time of day. */
export interface BookPorts {
  newId(): string;
  siteOf(endpointId: string): string;
  severityOf(cause: Cause, members: readonly string[]): Severity;
  evidenceOf(endpointId: string): Evidence;
}

export interface IncidentChange {
  type: IncidentEventType | 'merged';
  incident: Incident;
  entry: AuditEntry;
}

/** A cause that is back within so long is the same incident again: a line that comes and goes is one matter, not ten. */
export const REOPEN_WITHIN_MS = 30 * 60_000;
/** Of a carrier's outage three examples tell as much as ninety. */
const EVIDENCE_OF = 3;

/**
 * The life of incidents: opens, grows, shrinks, merges, resolves and reopens them as the correlator's assignments ask, and writes
 * down each step. Pure but for the ids; the caller gives the time.
 */
export class IncidentBook {
  private readonly open = new Map<string, Incident>();
  private readonly closed = new Map<string, Incident>();

  constructor(private readonly ports: BookPorts) {}

  /** After a start: what was open, and what was resolved lately. Says nothing. */
  restore(incidents: readonly Incident[]): void {
    for (const incident of incidents) (isOpen(incident) ? this.open : this.closed).set(causeKey(incident.cause), incident);
  }

  openIncidents(): Incident[] {
    return [...this.open.values()];
  }

  openCauses(): OpenCause[] {
    return this.openIncidents().map(({ cause, openedMs, members }) => ({
      cause,
      startedMs: openedMs,
      members: new Set(members),
    }));
  }

  /** Assignments hold every failing endpoint once; incidents that have none of them any more are over. */
  apply(assignments: readonly Assignment[], nowMs: number): IncidentChange[] {
    this.forgetOld(nowMs);
    const wanted = new Set(assignments.map(({ cause }) => causeKey(cause)));
    const changes = assignments.flatMap((assignment) => this.applyOne(assignment, nowMs));
    const over = this.openIncidents().filter(({ cause }) => !wanted.has(causeKey(cause)));
    const heirs = new Map(assignments.flatMap(({ cause, members }) => members.map((id) => [id, causeKey(cause)] as const)));
    return [...changes, ...over.map((incident) => this.end(incident, heirs, nowMs))];
  }

  /** As it would be, to be written down before it counts. undefined: it is not open. */
  acknowledgement(id: string, given: Acknowledgement): IncidentChange | undefined {
    const incident = this.openIncidents().find((one) => one.id === id);
    if (!incident) return undefined;
    const { by, note, atMs } = given;
    return this.change('acknowledged', { ...incident, acknowledged: given, state: 'acknowledged' }, atMs, { by, note });
  }

  /** It is written down. One that ended meanwhile keeps who looked after it. */
  acknowledge({ incident: { id, acknowledged }, entry, type }: IncidentChange): IncidentChange | undefined {
    const incident = [...this.open.values(), ...this.closed.values()].find((one) => one.id === id);
    if (!incident) return undefined;
    incident.acknowledged = acknowledged;
    if (isOpen(incident)) incident.state = 'acknowledged';
    return { type, entry, incident };
  }

  private applyOne({ cause, members }: Assignment, nowMs: number): IncidentChange[] {
    const known = this.open.get(causeKey(cause));
    if (!known) return [this.begin(cause, members, nowMs)];
    const before = new Set(known.members);
    const now = new Set(members);
    const joined = members.filter((id) => !before.has(id));
    const left = known.members.filter((id) => !now.has(id));
    this.count(known, nowMs);
    if (!joined.length && !left.length) return [];
    this.setMembers(known, members);
    return [this.change('changed', known, nowMs, { joined, left })];
  }

  private begin(cause: Cause, members: readonly string[], nowMs: number): IncidentChange {
    const key = causeKey(cause);
    const lately = this.closed.get(key);
    if (lately) {
      this.closed.delete(key);
      Object.assign(lately, { state: lately.acknowledged ? 'acknowledged' : 'open', resolvedMs: null, mergedInto: null });
      lately.countedMs = nowMs;
      lately.reopened++;
      this.open.set(key, lately);
      this.setMembers(lately, members);
      return this.change('reopened', lately, nowMs, { joined: [...members] });
    }
    const incident: Incident = {
      id: this.ports.newId(),
      cause,
      state: 'open',
      severity: 'info',
      openedMs: nowMs,
      resolvedMs: null,
      mergedInto: null,
      acknowledged: null,
      members: [],
      everMembers: [],
      sites: [],
      lostSiteMs: 0,
      countedMs: nowMs,
      reopened: 0,
      announced: false,
      evidence: members.slice(0, EVIDENCE_OF).map((id) => this.ports.evidenceOf(id)),
    };
    this.open.set(key, incident);
    this.setMembers(incident, members);
    return this.change('opened', incident, nowMs, { joined: [...members] });
  }

  /** Nothing fails through it any more: resolved, or another incident has taken over what still does. */
  private end(incident: Incident, heirs: ReadonlyMap<string, string>, nowMs: number): IncidentChange {
    this.count(incident, nowMs);
    const heirKey = incident.members.map((id) => heirs.get(id)).find((key) => key !== undefined);
    const next = heirKey === undefined ? undefined : this.open.get(heirKey);
    // what is left of a cause in one of its members is another matter: the cause itself is over, and people are told so
    const heir = next && isWider(next.cause, incident.cause) ? next : undefined;
    const left = incident.members;
    incident.members = [];
    incident.state = heir ? 'merged' : 'resolved';
    incident.mergedInto = heir?.id ?? null;
    incident.resolvedMs = nowMs;
    this.open.delete(causeKey(incident.cause));
    this.closed.set(causeKey(incident.cause), incident);
    return this.change(heir ? 'merged' : 'resolved', incident, nowMs, { left });
  }

  private setMembers(incident: Incident, members: readonly string[]): void {
    incident.members = [...members];
    incident.everMembers = [...new Set([...incident.everMembers, ...members])];
    incident.sites = [...new Set(members.map((id) => this.ports.siteOf(id)))];
    incident.severity = this.ports.severityOf(incident.cause, members);
  }

  private count(incident: Incident, nowMs: number): void {
    // a wall clock that was set back takes nothing away
    const passedMs = Math.max(0, nowMs - incident.countedMs);
    incident.lostSiteMs += passedMs * incident.sites.length;
    incident.countedMs = nowMs;
  }

  private forgetOld(nowMs: number): void {
    for (const [key, { resolvedMs }] of this.closed) {
      if (nowMs - (resolvedMs ?? 0) > REOPEN_WITHIN_MS) this.closed.delete(key);
    }
  }

  private change(
    type: IncidentChange['type'],
    incident: Incident,
    atMs: number,
    part: Partial<Pick<AuditEntry, 'by' | 'note' | 'joined' | 'left'>>,
  ): IncidentChange {
    const entry = { id: this.ports.newId(), incidentId: incident.id, atMs, type, by: 'monitor', note: '', joined: [], left: [] };
    return { type, incident, entry: { ...entry, ...part } };
  }
}

const isWider = (one: Cause, than: Cause): boolean => CAUSE_KINDS.indexOf(one.kind) <= CAUSE_KINDS.indexOf(than.kind);
