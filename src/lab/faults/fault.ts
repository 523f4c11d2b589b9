import { z } from 'zod';
import { scheduleSchema } from './schedule.js';

const schedule = scheduleSchema.optional();
const ratio = z.number().min(0).max(1);
const ms = z.number().nonnegative().max(60_000);

/** of ReleaseCompleteReason (H.225.0 section 7.3.10) */
export const RELEASE_REASONS = [
  'noBandwidth',
  'gatekeeperResources',
  'unreachableDestination',
  'destinationRejection',
  'noPermission',
  'unreachableGatekeeper',
  'gatewayResources',
  'badFormatAddress',
  'adaptiveBusy',
  'inConf',
  'undefinedReason',
  'securityDenied',
  'calledPartyNotRegistered',
  'callerNotRegistered',
  'securityError',
] as const;
export type ReleaseReason = (typeof RELEASE_REASONS)[number];

const pictureCodec = z.enum(['H264', 'H263', 'H261']).default('H264');

const kind = <K extends string, S extends z.ZodRawShape>(name: K, options: S) =>
  z.strictObject({ fault: z.literal(name), ...options, schedule });

/**
 * Everything a simulated endpoint can have wrong. The names of directions are the probe's: `in` comes from the endpoint,
 * `out` goes to it.
 */
export const faultSchema = z.discriminatedUnion('fault', [
  /** SIP datagrams are swallowed and no TCP port listens, that of H.323 neither. The kernel still answers pings for 127.0.0.0/8. */
  kind('dead', {}),
  /** the SIP port is closed: ICMP port unreachable over UDP, RST over TCP */
  kind('refused', {}),
  /** 486 to every INVITE, cause 17 to every SETUP */
  kind('busy', {}),
  /** 180 or ALERTING for ever, as a room that does not answer automatically */
  kind('ringing', {}),
  /** 603, or cause 21 */
  kind('declined', {}),
  /** a congested line: signalling waits before it is handled, media and RTCP are held back before they are sent */
  kind('slow', { signallingMs: ms.default(1200), mediaMs: ms.default(350) }),
  /** named as the caller sees it, like the probe's reason: only what comes in works; its reports carry no block about the caller */
  kind('one-way-in', {}),
  /** only what goes out works: no media comes from it, though it hears and reports */
  kind('one-way-out', {}),
  /** answers `m=video 0`, or takes sound only */
  kind('audio-only', {}),
  /** the call is set up, then neither RTP nor RTCP flows in either direction */
  kind('no-media', {}),
  /** share of packets lost on the way from it (`sentRatio`) and to it (`heardRatio`) */
  kind('lossy', { sentRatio: ratio.default(0.08), heardRatio: ratio.default(0) }),
  /** each packet leaves up to this late */
  kind('jittery', { jitterMs: ms.default(60) }),
  /** digital silence */
  kind('silent', {}),
  /** one still picture, encoded as an encoder would */
  kind('frozen', {}),
  /** 401 until the caller gives this user and password */
  kind('auth', {
    user: z.string().min(1).default('lab'),
    password: z.string().min(1).default('lab'),
    realm: z.string().min(1).default('lab.example'),
  }),
  /** 503 with Retry-After, or cause 42 */
  kind('error-503', { retryAfterS: z.number().int().nonnegative().default(30) }),
  /** 100 Trying or CALL PROCEEDING and nothing after it */
  kind('hung', {}),
  /** the endpoint ends the call so long after the answer */
  kind('hang-up', { afterS: z.number().positive().max(3600).default(3) }),
  /** returns what it hears in place of media of its own: as it came, or, as a mixer does, under an SSRC of its own */
  kind('echo', { under: z.enum(['our-ssrc', 'its-ssrc']).default('our-ssrc') }),
  /** takes the caller's SSRC for its own, once in each call */
  kind('ssrc-collision', {}),
  /** sends no keyframe until it is asked by INFO with picture_fast_update (RFC 5168), or videoFastUpdatePicture; it knows neither PLI nor FIR */
  kind('no-keyframe', {}),
  /** media flows, but no RTCP says whether ours arrived */
  kind('no-rtcp', {}),
  /**
   * nothing wrong: which stack it speaks H.323 with, how its H.245 is reached, whether it takes channels out of SETUP, and in
   * which codec it sends pictures and takes them
   */
  kind('h323-device', {
    stack: z.enum(['h323plus', 'ooh323c']).default('ooh323c'),
    control: z.enum(['tunnel', 'early-address', 'connect-address', 'blocked-address']).default('tunnel'),
    fastStart: z.boolean().default(false),
    sends: pictureCodec,
    takes: pictureCodec,
  }),
  /** port 1720 is closed */
  kind('h323-closed', {}),
  /** RELEASE COMPLETE to every SETUP, with a cause, a reason, or both */
  kind('h323-refused', { cause: z.number().int().min(1).max(127).optional(), reason: z.enum(RELEASE_REASONS).optional() }),
  /** the connection is taken and nothing is said any more: at once, or behind CALL PROCEEDING */
  kind('h323-hung', { after: z.enum(['connection', 'call-proceeding']).default('connection') }),
  /** takes no call in clear: says so by RELEASE COMPLETE, or opens encrypted channels and rejects the others */
  kind('h323-encrypted', { says: z.enum(['security-denied', 'encrypted-channel']).default('security-denied') }),
  /** sends the caller elsewhere, and releases */
  kind('h323-forwards', {
    reason: z.enum(['callForwarded', 'routeCallToGatekeeper', 'routeCallToMC']).default('callForwarded'),
    to: z.ipv4().default('127.20.99.99'),
    port: z.number().int().min(1).max(65_535).default(1720),
  }),
  /** a conference of others is behind the number, and how the caller can tell */
  kind('h323-conference', { sign: z.enum(['conference-id', 'terminal-number', 'mcu', 'mc-location']).default('conference-id') }),
  /** opens channels of its own and never answers to the caller's */
  kind('h323-no-ack', {}),
  /** so long after CONNECT: an empty capability set and 2 s later a whole one, a wish that all channels be closed, or no bit more */
  kind('h323-in-call', {
    does: z.enum(['hold', 'request-close', 'flow-stop']).default('hold'),
    afterS: z.number().positive().max(3600).default(2),
  }),
]);

export type Fault = z.output<typeof faultSchema>;
/** As people and tests write it: options that have a default may be left out. */
export type FaultInput = z.input<typeof faultSchema>;
export type FaultName = Fault['fault'];

export const FAULT_NAMES: readonly FaultName[] = faultSchema.options.map((option) => option.shape.fault.value);
