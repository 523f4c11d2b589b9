import type { SessionView } from '../../../live/feed-events.js';
import type { ApiResult, Problem } from '../../feed/api.js';
import { minutesBefore } from '../../text/lead-time.js';
import { fromLocalInput, toLocalInput } from './local-time.js';

/** A session while it is being written: the form's fields as texts. Pure. */

export interface SessionDraft {
  title: string;
  startsAt: string;
  endsAt: string;
  /** '': the start */
  connectBy: string;
  invitationNumber: string;
  host: string;
  everybody: boolean;
  tiers: string[];
  areas: string[];
  carriers: string[];
  sites: string[];
  except: string[];
  optional: string[];
  counterparts: string[];
  mustHave: string[];
  checkpoints: string[];
  audioOnly: boolean;
  rehearsal: boolean;
}

/** What each part of the form is given. */
export interface FieldsProps {
  draft: SessionDraft;
  onChange: (part: Partial<SessionDraft>) => void;
}

const HOUR_MS = 3_600_000;
const CHECKPOINTS = ['PT24H', 'PT2H', 'PT60M', 'PT30M', 'PT10M'];
export const OFFERED_CHECKPOINTS: readonly string[] = [...CHECKPOINTS, 'PT5M'];

/** Most meetings of the three tiers begin at 8 and take a morning; one of today begins with the next hour that is still to come. */
export function newDraft(day: string, nowMs: number): SessionDraft {
  const nextHour = toLocalInput(new Date(nowMs + 2 * HOUR_MS).toISOString()).slice(0, 13);
  const start = `${nextHour}:00` > `${day}T08:00` ? `${nextHour}:00` : `${day}T08:00`;
  const morning: SessionDraft = {
    ...{ title: '', startsAt: `${day}T08:00`, endsAt: `${day}T11:30`, connectBy: `${day}T07:30`, invitationNumber: '', host: '' },
    ...{
      everybody: true,
      tiers: [],
      areas: [],
      carriers: [],
      sites: [],
      except: [],
      optional: [],
      counterparts: [],
      mustHave: [],
    },
    ...{ checkpoints: CHECKPOINTS, audioOnly: false, rehearsal: false },
  };
  return withStart(morning, start);
}

export function draftOf(session: SessionView): SessionDraft {
  const { participants: rule, connectBy, startsAt, endsAt, need } = session;
  const { tiers = [], areas = [], carriers = [], sites = [], except = [], optional = [] } = rule;
  const named = [tiers, areas, carriers, sites].some((list) => list.length > 0);
  return {
    ...{ title: session.title, invitationNumber: session.invitationNumber, host: session.host },
    ...{ startsAt: toLocalInput(startsAt), endsAt: toLocalInput(endsAt), connectBy: toLocalInput(connectBy) },
    ...{ everybody: rule.all ?? !named, tiers, areas, carriers, sites, except, optional },
    ...{ counterparts: session.counterparts, mustHave: session.rule.mustHave, checkpoints: session.checkpoints },
    ...{ audioOnly: need === 'audio', rehearsal: session.rehearsal },
  };
}

export function bodyOf(draft: SessionDraft, by: string): Record<string, unknown> {
  const { title, startsAt, endsAt, connectBy, invitationNumber, host, counterparts, mustHave, checkpoints } = draft;
  return {
    ...{ title: title.trim(), invitationNumber: invitationNumber.trim(), host: host.trim() },
    ...{ startsAt: fromLocalInput(startsAt) ?? startsAt, endsAt: fromLocalInput(endsAt) ?? endsAt },
    connectBy: connectBy === '' ? null : (fromLocalInput(connectBy) ?? connectBy),
    participants: ruleOf(draft),
    ...{ counterparts, rule: { mustHave }, checkpoints },
    ...{ need: draft.audioOnly ? 'audio' : 'audio-video', rehearsal: draft.rehearsal },
    ...(by === '' ? {} : { by }),
  };
}

/** What is not everybody and names nobody takes only whom the server would take: the optional and the counterparts. */
function ruleOf({ everybody, tiers, areas, carriers, sites, except, optional }: SessionDraft): Record<string, unknown> {
  const named = everybody ? { all: true } : { all: false, ...filled({ tiers, areas, carriers, sites }) };
  return { ...named, ...filled({ except, optional }) };
}

const filled = (lists: Record<string, string[]>): Record<string, string[]> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0));

/** Moved as a whole: whoever changes the start means the meeting, not its length. */
export function withStart(draft: SessionDraft, startsAt: string): SessionDraft {
  const [before, after] = [Date.parse(`${draft.startsAt}Z`), Date.parse(`${startsAt}Z`)];
  if (Number.isNaN(before) || Number.isNaN(after)) return { ...draft, startsAt };
  const moved = (text: string): string => {
    const ms = Date.parse(`${text}Z`);
    return Number.isNaN(ms) ? text : new Date(ms + after - before).toISOString().slice(0, 16);
  };
  return { ...draft, startsAt, endsAt: moved(draft.endsAt), connectBy: moved(draft.connectBy) };
}

/** Longest before the start first, as the server keeps them. */
export const withCheckpoint = (checkpoints: readonly string[], one: string): string[] =>
  checkpoints.includes(one)
    ? checkpoints.filter((other) => other !== one)
    : [...checkpoints, one].sort((a, b) => (minutesBefore(b) ?? 0) - (minutesBefore(a) ?? 0));

export interface FieldError {
  field: string;
  found: string;
  allowed: string;
}

/** The server's word on each field it did not take. */
export function fieldErrors(answer: ApiResult<unknown> | null): FieldError[] {
  if (answer?.kind !== 'refused') return [];
  const { errors } = answer.problem as Problem & { errors?: unknown };
  return Array.isArray(errors) ? errors.filter(isFieldError) : [];
}

const isFieldError = (one: unknown): one is FieldError =>
  typeof one === 'object' && one !== null && typeof (one as FieldError).field === 'string';

export type DraftProblem = 'endsBeforeStart' | 'connectAfterStart' | 'nobody';

/** What the form can say at once, in its own words; the server looks at all of it again. */
export function draftProblems(draft: SessionDraft): DraftProblem[] {
  const { startsAt, endsAt, connectBy, everybody, tiers, areas, carriers, sites, optional, counterparts } = draft;
  const named = [tiers, areas, carriers, sites, optional, counterparts].some((list) => list.length > 0);
  const problems: [boolean, DraftProblem][] = [
    [endsAt !== '' && endsAt <= startsAt, 'endsBeforeStart'],
    [connectBy > startsAt, 'connectAfterStart'],
    [!everybody && !named, 'nobody'],
  ];
  return problems.filter(([isSo]) => isSo).map(([, problem]) => problem);
}
