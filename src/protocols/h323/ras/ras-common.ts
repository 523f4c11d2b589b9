/** What the RAS messages of H.225.0 (section 7.6) have in common. */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing } from '../per/primitives.js';
import { listOf, optional, sequence, skip } from '../per/sequence.js';
import { bmpString } from '../per/strings.js';
import { AliasAddress, NonStandardParameter, TransportAddress } from '../messages/h225-address.js';

/** Chosen by whoever asks, and repeated in the answer. */
export const RequestSeqNum = integer(1, 65_535);

export const GatekeeperIdentifier = bmpString(1, 128);

export const EndpointIdentifier = bmpString(1, 128);

/** in seconds */
export const TimeToLive = integer(1, 4_294_967_295);

/** in units of 100 bit/s */
export const BandWidth = integer(0, 4_294_967_295);

export const CallModel = choice({ direct: nothing, gatekeeperRouted: nothing }, {});

export const AlternateGatekeeper = sequence(
  {
    rasAddress: TransportAddress,
    gatekeeperIdentifier: optional(GatekeeperIdentifier),
    needToRegister: boolean,
    priority: integer(0, 127),
  },
  {},
);

export const AlternateGatekeeperInfo = sequence(
  { alternateGatekeeper: listOf(AlternateGatekeeper), altGKisPermanent: boolean },
  {},
);

export const UnknownMessageResponse = sequence({ requestSeqNum: RequestSeqNum }, {});

/** The gatekeeper needs more time. `delay` in ms. Its additions stand before its extension marker. */
export const RequestInProgress = sequence(
  {
    requestSeqNum: RequestSeqNum,
    nonStandardData: optional(NonStandardParameter),
    tokens: optional(skip),
    cryptoTokens: optional(skip),
    integrityCheckValue: optional(skip),
    delay: integer(1, 65_535),
  },
  {},
);

export const Aliases = listOf(AliasAddress);

export const Addresses = listOf(TransportAddress);
