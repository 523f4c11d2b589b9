import { isActive, nextChangeInS } from './schedule.js';
import type { Fault, FaultName, ReleaseReason } from './fault.js';

type OptionsOf<F extends FaultName> = Extract<Fault, { fault: F }>;

export interface Credentials {
  user: string;
  password: string;
  realm: string;
}

/** What an endpoint does at one moment: all its faults that hold now, folded into one plain record. */
export interface Behaviour {
  /** `closed` unbinds the port, so that the kernel refuses; `swallow` keeps UDP bound and answers nothing */
  sip: 'open' | 'swallow' | 'closed';
  h323Open: boolean;
  invite: 'accept' | 'busy' | 'ring' | 'decline' | 'unavailable' | 'hang';
  retryAfterS: number;
  credentials?: Credentials;
  signallingDelayMs: number;
  mediaDelayMs: number;
  jitterMs: number;
  sentLossRatio: number;
  heardLossRatio: number;
  sendMedia: boolean;
  hearMedia: boolean;
  sendRtcp: boolean;
  video: boolean;
  silent: boolean;
  frozen: boolean;
  /** returns what it hears */
  echo?: 'our-ssrc' | 'its-ssrc';
  takesSsrc: boolean;
  keyframes: boolean;
  hangUpAfterS?: number;
  h323Device: Pick<OptionsOf<'h323-device'>, 'stack' | 'control' | 'fastStart' | 'sends' | 'takes'>;
  h323Release?: { cause?: number; reason?: ReleaseReason };
  h323Hung?: OptionsOf<'h323-hung'>['after'];
  h323Encrypted?: OptionsOf<'h323-encrypted'>['says'];
  h323Forward?: Pick<OptionsOf<'h323-forwards'>, 'reason' | 'to' | 'port'>;
  h323Conference?: OptionsOf<'h323-conference'>['sign'];
  /** answers to the caller's channels */
  h323Acknowledges: boolean;
  h323InCall?: Pick<OptionsOf<'h323-in-call'>, 'does' | 'afterS'>;
}

export const HEALTHY: Readonly<Behaviour> = {
  sip: 'open',
  h323Open: true,
  invite: 'accept',
  retryAfterS: 0,
  signallingDelayMs: 0,
  mediaDelayMs: 0,
  jitterMs: 0,
  sentLossRatio: 0,
  heardLossRatio: 0,
  sendMedia: true,
  hearMedia: true,
  sendRtcp: true,
  video: true,
  silent: false,
  frozen: false,
  takesSsrc: false,
  keyframes: true,
  h323Device: { stack: 'h323plus', control: 'tunnel', fastStart: false, sends: 'H264', takes: 'H264' },
  h323Acknowledges: true,
};

type Effect<F extends FaultName> = (fault: Extract<Fault, { fault: F }>) => Partial<Behaviour>;

const NO_MEDIA: Partial<Behaviour> = { sendMedia: false, hearMedia: false, sendRtcp: false };

const EFFECTS: { [F in FaultName]: Effect<F> } = {
  dead: () => ({ sip: 'swallow', h323Open: false, ...NO_MEDIA }),
  refused: () => ({ sip: 'closed' }),
  busy: () => ({ invite: 'busy' }),
  ringing: () => ({ invite: 'ring' }),
  declined: () => ({ invite: 'decline' }),
  slow: ({ signallingMs, mediaMs }) => ({ signallingDelayMs: signallingMs, mediaDelayMs: mediaMs }),
  'one-way-in': () => ({ hearMedia: false }),
  'one-way-out': () => ({ sendMedia: false }),
  'audio-only': () => ({ video: false }),
  'no-media': () => NO_MEDIA,
  lossy: ({ sentRatio, heardRatio }) => ({ sentLossRatio: sentRatio, heardLossRatio: heardRatio }),
  jittery: ({ jitterMs }) => ({ jitterMs }),
  silent: () => ({ silent: true }),
  frozen: () => ({ frozen: true }),
  auth: ({ user, password, realm }) => ({ credentials: { user, password, realm } }),
  'error-503': ({ retryAfterS }) => ({ invite: 'unavailable', retryAfterS }),
  hung: () => ({ invite: 'hang' }),
  'hang-up': ({ afterS }) => ({ hangUpAfterS: afterS }),
  'no-rtcp': () => ({ sendRtcp: false }),
  echo: ({ under }) => ({ echo: under, sendMedia: false, sendRtcp: false }),
  'ssrc-collision': () => ({ takesSsrc: true }),
  'no-keyframe': () => ({ keyframes: false }),
  'h323-device': ({ stack, control, fastStart, sends, takes }) => ({ h323Device: { stack, control, fastStart, sends, takes } }),
  'h323-closed': () => ({ h323Open: false }),
  'h323-refused': ({ cause, reason }) => ({ h323Release: { cause, reason } }),
  'h323-hung': ({ after }) => ({ h323Hung: after }),
  'h323-encrypted': ({ says }) => ({ h323Encrypted: says }),
  'h323-forwards': ({ reason, to, port }) => ({ h323Forward: { reason, to, port } }),
  'h323-conference': ({ sign }) => ({ h323Conference: sign }),
  'h323-no-ack': () => ({ h323Acknowledges: false }),
  'h323-in-call': ({ does, afterS }) => ({ h323InCall: { does, afterS } }),
};

/** A fault and when its schedule began to count. */
export interface TimedFault {
  fault: Fault;
  sinceMs: number;
}

/** Later faults win over earlier ones where both set the same thing. */
export function behaviourAt(faults: readonly TimedFault[], nowMs: number): Behaviour {
  const behaviour: Behaviour = { ...HEALTHY };
  for (const { fault } of activeFaults(faults, nowMs)) {
    // the table is keyed by the very discriminant of its argument, which TypeScript cannot follow through an index
    const effect = EFFECTS[fault.fault] as (fault: Fault) => Partial<Behaviour>;
    Object.assign(behaviour, effect(fault));
  }
  return behaviour;
}

export function activeFaults(faults: readonly TimedFault[], nowMs: number): TimedFault[] {
  return faults.filter(({ fault, sinceMs }) => isActive(fault.schedule, (nowMs - sinceMs) / 1000));
}

/** Milliseconds to the next begin or end of any of the faults. */
export function nextChangeInMs(faults: readonly TimedFault[], nowMs: number): number | undefined {
  const changes = faults
    .map(({ fault, sinceMs }) => nextChangeInS(fault.schedule, (nowMs - sinceMs) / 1000))
    .filter((inS) => inS !== undefined);
  return changes.length === 0 ? undefined : Math.min(...changes) * 1000;
}
