import { SIGNAL_NAMES } from '../../common/states.js';
import { type Session, SESSION_DEFAULTS } from '../session.js';
import type { SiteStanding } from '../readiness.js';

export const START_MS = Date.UTC(2026, 10, 23, 1);
export const MINUTE_MS = 60_000;

/** A session at 08:00 in Việt Nam; only what a spec is about is named there. */
export const sessionOf = (given: Partial<Session> = {}): Session => ({
  ...SESSION_DEFAULTS,
  checkpoints: [...SESSION_DEFAULTS.checkpoints],
  rule: { ...SESSION_DEFAULTS.rule, mustHave: [] },
  id: 's-1',
  title: 'Giao ban tuần',
  startsMs: START_MS,
  endsMs: START_MS + 120 * MINUTE_MS,
  connectByMs: START_MS,
  invitationNumber: '',
  host: '',
  participants: {},
  counterparts: [],
  rehearsal: false,
  status: 'planned',
  source: { kind: 'api' },
  ...given,
});

const flowing = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' } as const;

export const factsOf = (siteCode: string, given: Partial<SiteStanding> = {}): SiteStanding => ({
  siteCode,
  siteName: `Xã ${siteCode}`,
  tier: 'commune',
  area: 'Phú Thọ',
  carrier: 'VNPT',
  role: 'participant',
  required: true,
  state: 'ready',
  reason: 'ok',
  signals: flowing,
  needs: SIGNAL_NAMES,
  sinceMs: START_MS - 60 * MINUTE_MS,
  endpointId: `${siteCode}-1`,
  usesBackup: false,
  checkedMs: START_MS - 12 * MINUTE_MS,
  calledMs: START_MS - 25 * MINUTE_MS,
  isProven: given.state === undefined || given.state === 'ready',
  incident: null,
  contact: { name: 'Nguyễn Văn An', phone: '0912345678' },
  deputy: { name: '', phone: '' },
  contactLog: [],
  ...given,
});
