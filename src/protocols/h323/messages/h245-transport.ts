/**
 * Quality of service and kinds of transport in H.245: read alone. One stack that was sent a transportCapability answered no
 * later call until it was restarted.
 */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing } from '../per/primitives.js';
import { listOf, optional, sequence } from '../per/sequence.js';
import { NonStandardParameter } from './h245-common.js';

export const QOSMode = choice({ guaranteedQOS: nothing, controlledLoad: nothing }, {});

export const RSVPParameters = sequence(
  {
    qosMode: optional(QOSMode),
    tokenRate: optional(integer(1, 4_294_967_295)),
    bucketSize: optional(integer(1, 4_294_967_295)),
    peakRate: optional(integer(1, 4_294_967_295)),
    minPoliced: optional(integer(1, 4_294_967_295)),
    maxPktSize: optional(integer(1, 4_294_967_295)),
  },
  {},
);

export const ATMParameters = sequence(
  { maxNTUSize: integer(0, 65_535), atmUBR: boolean, atmrtVBR: boolean, atmnrtVBR: boolean, atmABR: boolean, atmCBR: boolean },
  {},
);

export const QOSCapability = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    rsvpParameters: optional(RSVPParameters),
    atmParameters: optional(ATMParameters),
  },
  {},
);

export const MediaTransportType = choice(
  { 'ip-UDP': nothing, 'ip-TCP': nothing, 'atm-AAL5-UNIDIR': nothing, 'atm-AAL5-BIDIR': nothing },
  {},
);

export const MediaChannelCapability = sequence({ mediaTransport: optional(MediaTransportType) }, {});

export const TransportCapability = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    qOSCapabilities: optional(listOf(QOSCapability, 1, 256)),
    mediaChannelCapabilities: optional(listOf(MediaChannelCapability, 1, 256)),
  },
  {},
);
