import { z } from 'zod';
import { isoDurationMs } from '../common/iso-duration.js';
import { TIERS } from '../common/states.js';
import { SESSION_DEFAULTS, type Session } from './session.js';

/** What a request may say of a session. The message of each rule is the sentence "what is allowed". */

const MOST_NAMES = 2_000;
const DAY_MS = 86_400_000;
const LONGEST_MS = 7 * DAY_MS;

// eslint-disable-next-line no-control-regex -- control characters are what must be kept out
const PRINTABLE = /^[^\x00-\x1f\x7f]*$/;

/** zod's own path of an unknown key ends at the mapping that holds it. */
const keysOnly =
  (allowed: string) =>
  (issue: { code?: string; keys?: unknown }): string =>
    issue.code === 'unrecognized_keys' ? `unknown key ${(issue.keys as string[]).join(', ')}; allowed: ${allowed}` : allowed;

function line(min: number, max: number) {
  const error = `a text of ${min} to ${max} characters on one line`;
  return z
    .string({ error })
    .trim()
    .min(min, { error })
    .max(max, { error })
    .regex(PRINTABLE, { error })
    .regex(/^\P{Surrogate}*$/u, { error });
}

/** Who did it, where nobody signs in yet. */
export const personName = line(1, 100);
export const noteText = line(0, 2_000);

const INSTANT = 'an instant with its offset, such as 2026-11-23T08:00:00+07:00, between 2000 and 2100';
const isInEra = (ms: number): boolean => ms >= Date.UTC(2000, 0) && ms < Date.UTC(2100, 0);
export const instant = z.iso
  .datetime({ offset: true, error: INSTANT })
  .transform((text) => Date.parse(text))
  .refine(isInEra, { error: INSTANT });

const names = z
  .array(line(1, 200), { error: 'a list of names' })
  .max(MOST_NAMES, { error: `at most ${MOST_NAMES} names` })
  .refine((list) => new Set(list).size === list.length, { error: 'each name once' });

const PARTICIPANTS = 'a mapping with the keys all, tiers, areas, carriers, sites, except, optional';
export const participantRule = z.strictObject(
  {
    all: z.boolean({ error: 'true or false' }).optional(),
    tiers: z
      .array(z.enum(TIERS, { error: `one of ${TIERS.join(', ')}` }), { error: 'a list of tiers' })
      .max(TIERS.length)
      .optional(),
    areas: names.optional(),
    carriers: names.optional(),
    sites: names.optional(),
    except: names.optional(),
    optional: names.optional(),
  },
  { error: keysOnly(PARTICIPANTS) },
);

const DURATION = 'a duration of ISO 8601 of at most 7 days, such as PT30M';
const duration = z.string({ error: DURATION }).refine(
  (text) => {
    const ms = isoDurationMs(text);
    return ms !== null && ms <= LONGEST_MS;
  },
  { error: DURATION },
);
const msOf = (text: string): number => isoDurationMs(text) ?? 0;

const checkpoints = z
  .array(duration, { error: 'a list of durations before the start, such as ["PT2H", "PT30M"]' })
  .max(20, { error: 'at most 20 checkpoints' })
  .refine((list) => new Set(list.map(msOf)).size === list.length, { error: 'each duration once' })
  .transform((list) => [...list].sort((a, b) => msOf(b) - msOf(a)));

const ratio = z
  .number({ error: 'a number from 0 to 1' })
  .min(0, { error: 'a number from 0 to 1' })
  .max(1, { error: 'a number from 0 to 1' });
const readinessRule = z
  .strictObject(
    { goRatio: ratio, noGoRatio: ratio, mustHave: names },
    { error: keysOnly('a mapping with the keys goRatio, noGoRatio, mustHave') },
  )
  .partial();

const FIELDS = {
  title: line(1, 300),
  startsAt: instant,
  endsAt: instant,
  connectBy: instant.nullable().optional(),
  invitationNumber: line(0, 200).optional(),
  host: line(0, 200).optional(),
  participants: participantRule.optional(),
  counterparts: names.optional(),
  checkpoints: checkpoints.optional(),
  callsStopBefore: duration.optional(),
  rule: readinessRule.optional(),
  need: z.enum(['audio-video', 'audio'], { error: 'audio-video or audio' }).optional(),
  rehearsal: z.boolean({ error: 'true or false' }).optional(),
  by: personName.optional(),
};
const KEYS = `a mapping with the keys ${Object.keys(FIELDS).join(', ')}`;

export const newSessionBody = z.strictObject(FIELDS, { error: keysOnly(KEYS) });
export const sessionChangeBody = z
  .strictObject(
    {
      ...FIELDS,
      status: z.enum(['planned', 'cancelled'], { error: 'planned or cancelled' }),
      followCalendar: z.literal(true, { error: 'true, to let the calendar change it again' }),
    },
    { error: keysOnly(`${KEYS}, status, followCalendar`) },
  )
  .partial();

export type NewSession = z.output<typeof newSessionBody>;
export type SessionChangeBody = z.output<typeof sessionChangeBody>;

/** What a session consists of, whoever made it. */
export type SessionContent = Omit<Session, 'id' | 'source'>;

export function contentOf(body: NewSession): SessionContent {
  return {
    title: body.title,
    startsMs: body.startsAt,
    endsMs: body.endsAt,
    connectByMs: body.connectBy ?? body.startsAt,
    invitationNumber: body.invitationNumber ?? '',
    host: body.host ?? '',
    participants: definedOnly(body.participants ?? {}),
    counterparts: body.counterparts ?? [],
    checkpoints: body.checkpoints ?? [...SESSION_DEFAULTS.checkpoints],
    callsStopBefore: body.callsStopBefore ?? SESSION_DEFAULTS.callsStopBefore,
    rule: { ...SESSION_DEFAULTS.rule, mustHave: [], ...definedOnly(body.rule ?? {}) },
    need: body.need ?? SESSION_DEFAULTS.need,
    rehearsal: body.rehearsal ?? false,
    status: 'planned',
  };
}

/** Fields that are absent stay; `rule` is changed by its parts, `participants` as a whole. `connectBy: null` means the start again. */
export function changedContent<T extends SessionContent>(before: T, body: SessionChangeBody): T {
  const startsMs = body.startsAt ?? before.startsMs;
  const followsStart = before.connectByMs === before.startsMs && body.connectBy === undefined;
  return {
    ...before,
    title: body.title ?? before.title,
    startsMs,
    endsMs: body.endsAt ?? before.endsMs,
    connectByMs: followsStart || body.connectBy === null ? startsMs : (body.connectBy ?? before.connectByMs),
    invitationNumber: body.invitationNumber ?? before.invitationNumber,
    host: body.host ?? before.host,
    participants: body.participants ? definedOnly(body.participants) : before.participants,
    counterparts: body.counterparts ?? before.counterparts,
    checkpoints: body.checkpoints ?? before.checkpoints,
    callsStopBefore: body.callsStopBefore ?? before.callsStopBefore,
    rule: { ...before.rule, ...definedOnly(body.rule ?? {}) },
    need: body.need ?? before.need,
    rehearsal: body.rehearsal ?? before.rehearsal,
    status: body.status ?? before.status,
  };
}

/** Only what no single field can tell. */
export function contradictions(content: SessionContent): { field: string; found: string; allowed: string }[] {
  const { startsMs, endsMs, connectByMs, rule } = content;
  const found: { field: string; found: string; allowed: string }[] = [];
  const tell = (field: string, ms: number, allowed: string): void => {
    found.push({ field, found: new Date(ms).toISOString(), allowed });
  };
  if (endsMs <= startsMs) tell('endsAt', endsMs, 'later than startsAt');
  else if (endsMs - startsMs > LONGEST_MS) tell('endsAt', endsMs, 'at most 7 days after startsAt');
  if (connectByMs > startsMs || connectByMs < startsMs - DAY_MS)
    tell('connectBy', connectByMs, 'not after startsAt, nor more than a day before');
  if (rule.noGoRatio > rule.goRatio)
    found.push({ field: 'rule.noGoRatio', found: String(rule.noGoRatio), allowed: `not above goRatio (${rule.goRatio})` });
  return found;
}

/** zod writes `undefined` for keys that were left out; jsonb does not keep those. */
function definedOnly<T extends object>(given: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
