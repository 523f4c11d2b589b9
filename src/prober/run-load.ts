import type { ProbeKind } from '../probes/contract.js';
import { icmpOptions } from '../probes/icmp/icmp.options.js';
import { callMediaOf } from '../probes/sip-call/call-media.js';
import { sipCallOptions } from '../probes/sip-call/sip-call.options.js';
import { h323CallOptions, hasVideo } from '../probes/h323-call/h323-call.options.js';
import type { Demand } from './caps.js';
import type { PlanItem } from './messages.js';

type Options = Readonly<Record<string, unknown>>;

/** A packet on the line is larger than its payload: Ethernet 18, IPv4 20, ICMP 8 bytes. */
const ICMP_OVERHEAD_BYTES = 18 + 20 + 8;
/** G.711: 160 bytes each 20 ms, with RTP 12, UDP 8, IPv4 20 and Ethernet 18: 218 x 8 x 50 = 87.2 kbit/s. */
const AUDIO_KBPS = 87;
/** What a codec sends of a 480p picture, and our clip at most; a picture of 720p is called with 1,024 at the most. */
const VIDEO_KBPS = 700;
/** A connection opened and closed is 7 frames of some 70 bytes, within a second: 3.9 kbit/s. */
const TCP_KBPS = 4;
/** OPTIONS and its 200 are some 1,200 bytes within a second: 9.6 kbit/s. */
const OPTIONS_KBPS = 10;

const ICMP_DEFAULTS = icmpOptions.parse({});
const CALL_DEFAULTS = sipCallOptions.parse({});
const H323_DEFAULTS = h323CallOptions.parse({});

const LOADS: Record<ProbeKind, (options: Options) => number> = {
  icmp: (options) => {
    const { payloadBytes, spacingMs } = { ...ICMP_DEFAULTS, ...options };
    return (2 * (payloadBytes + ICMP_OVERHEAD_BYTES) * 8) / spacingMs;
  },
  tcp: () => TCP_KBPS,
  'sip-options': () => OPTIONS_KBPS,
  'h323-ping': () => TCP_KBPS,
  'h323-call': (options) => {
    const given = { ...H323_DEFAULTS, ...options };
    return 2 * (AUDIO_KBPS + (hasVideo(given) ? Math.min(VIDEO_KBPS, given.callRateKbps) : 0));
  },
  'sip-call': (options) => {
    const { video, videoKbps } = callMediaOf({ ...CALL_DEFAULTS, ...options });
    return 2 * (AUDIO_KBPS + (video ? Math.min(VIDEO_KBPS, videoKbps) : 0));
  },
};

/**
 * What one run puts on a line while it lasts, both directions together, in whole kbit/s. A call with video: 2 x (87 + 700) = 1,574,
 * with sound alone 174; an ICMP burst of 102-byte packets each 200 ms: 9.
 */
export const runLoadKbps = (kind: ProbeKind, options: Options): number => Math.ceil(LOADS[kind](options));

export const demandOf = ({ kind, area, carrier, options, fallBack }: PlanItem): Demand => ({
  kind,
  area,
  carrier,
  kbps: Math.max(runLoadKbps(kind, options), fallBack ? runLoadKbps(fallBack.kind, fallBack.options) : 0),
});
