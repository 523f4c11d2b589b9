/** What a machine says it is: EndpointType of H.225.0 (section 7.6), with the vendor that a technician may want to know. */
import { choice } from '../per/choice.js';
import { boolean, octets } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { listOf, optional, sequence } from '../per/sequence.js';
import { H221NonStandard, NonStandardParameter } from './h225-address.js';

export const VendorIdentifier = sequence(
  { vendor: H221NonStandard, productId: optional(octets(1, 256)), versionId: optional(octets(1, 256)) },
  {},
);

export const GatekeeperInfo = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H310Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H320Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H321Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H322Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H323Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const H324Caps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const VoiceCaps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const T120OnlyCaps = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const SupportedProtocols = choice(
  {
    nonStandardData: NonStandardParameter,
    h310: H310Caps,
    h320: H320Caps,
    h321: H321Caps,
    h322: H322Caps,
    h323: H323Caps,
    h324: H324Caps,
    voice: VoiceCaps,
    't120-only': T120OnlyCaps,
  },
  {},
);

export const GatewayInfo = sequence(
  { protocol: optional(listOf(SupportedProtocols)), nonStandardData: optional(NonStandardParameter) },
  {},
);

export const McuInfo = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const TerminalInfo = sequence({ nonStandardData: optional(NonStandardParameter) }, {});

export const EndpointType = sequence(
  {
    nonStandardData: optional(NonStandardParameter),
    vendor: optional(VendorIdentifier),
    gatekeeper: optional(GatekeeperInfo),
    gateway: optional(GatewayInfo),
    mcu: optional(McuInfo),
    terminal: optional(TerminalInfo),
    mc: boolean,
    undefinedNode: boolean,
  },
  {},
);

export type EndpointType = Infer<typeof EndpointType>;
