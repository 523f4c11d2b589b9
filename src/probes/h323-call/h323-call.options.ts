import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { RAS_PORT } from '../../net/gatekeepers.js';
import { parseAddressPrefix } from '../../net/address-prefix.js';
import { H323_TIMERS } from '../../protocols/h323/call-types.js';
import { qualityShape } from '../quality.options.js';
import { CALLER_NAME } from '../sip-path.js';

/** H.225.0 section 7.1: call signalling. */
export const H323_PORT = 1720;
/** For each TCP connection. */
export const CONNECT_S = 3;
/** Sound takes 64 of the call rate; with less than as much again no codec sends a picture. */
const LEAST_VIDEO_KBPS = 64;
const AUDIO_KBPS = 64;

export const h323CallOptions = z.strictObject({
  /** how long the answered call is held from its first media; H323Plus reports on what it hears after 12 s at the earliest */
  holdS: z.number().min(1).max(12).default(6),
  video: z.boolean().default(true),
  /** look at one or two keyframes of the picture coming in, after the call and through ffmpeg: is it black? */
  decodeKeyframe: z.boolean().default(false),
  /** the longest ringing before we give up */
  ringS: z.number().positive().max(60).default(8),
  /** T303: without any answer to SETUP */
  firstAnswerS: z
    .number()
    .positive()
    .max(32)
    .default(H323_TIMERS.firstAnswerMs / 1000),
  /** of the whole call, as Bearer Capability tells it: many codecs choose their own rate by it; below 128 it has sound alone */
  callRateKbps: z.int().min(64).max(4_096).default(384),
  /** where the target itself names none */
  port: z.int().min(1).max(65_535).default(H323_PORT),
  /** offer to carry H.245 inside the signalling connection: one port of a firewall less */
  tunnelling: z.boolean().default(true),
  fastStart: z.boolean().default(false),
  /** it is an MCU that is meant to be called: being one is no reason to hang up */
  mcu: z.boolean().default(false),
  /** the only IPv4 addresses to which a call may be forwarded, once */
  followTo: z
    .array(z.string().refine(isIPv4, { error: 'an IPv4 address' }))
    .max(8)
    .default([]),
  /** its calls go by this gatekeeper: it is asked for the alias of the target, and called where it says. `alias`: our own name there */
  gatekeeper: z
    .strictObject({
      address: z.ipv4(),
      port: z.int().min(1).max(65_535).default(RAS_PORT),
      alias: z.string().min(1).max(128),
    })
    .optional(),
  callerName: z.string().max(64).default(CALLER_NAME),
  source: z.ipv4().optional(),
  /** where this endpoint's media may go beside its own address: a media server's network, `10.1.2.0/24` */
  allowedMediaPrefixes: z
    .array(z.string().refine((text) => parseAddressPrefix(text) !== undefined, { error: 'a prefix such as 10.1.2.0/24' }))
    .max(32)
    .optional(),
  ...qualityShape,
});
export type H323CallOptions = z.infer<typeof h323CallOptions>;

/** The call has a picture where one is wanted and its rate leaves room for it. */
export const hasVideo = ({ video, callRateKbps }: Pick<H323CallOptions, 'video' | 'callRateKbps'>): boolean =>
  video && callRateKbps - AUDIO_KBPS >= LEAST_VIDEO_KBPS;
