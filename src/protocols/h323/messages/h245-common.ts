/** What many messages of H.245 hold: numbers, addresses, and parameters of whoever wanted their own (annex B). */
import { choice } from '../per/choice.js';
import { integer, nothing, objectIdentifier, octets } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { listOf, sequence } from '../per/sequence.js';

export const SequenceNumber = integer(0, 255);

export const LogicalChannelNumber = integer(1, 65_535);

export const CapabilityTableEntryNumber = integer(1, 65_535);

export const CapabilityDescriptorNumber = integer(0, 255);

export const McuNumber = integer(0, 192);

export const TerminalNumber = integer(0, 192);

export const TerminalLabel = sequence({ mcuNumber: McuNumber, terminalNumber: TerminalNumber }, {});

export const NonStandardIdentifier = choice({
  object: objectIdentifier,
  h221NonStandard: sequence({
    t35CountryCode: integer(0, 255),
    t35Extension: integer(0, 255),
    manufacturerCode: integer(0, 65_535),
  }),
});

export const NonStandardParameter = sequence({ nonStandardIdentifier: NonStandardIdentifier, data: octets() });

export const NonStandardMessage = sequence({ nonStandardData: NonStandardParameter }, {});

export const UnicastAddress = choice(
  {
    iPAddress: sequence({ network: octets(4), tsapIdentifier: integer(0, 65_535) }, {}),
    iPXAddress: sequence({ node: octets(6), netnum: octets(4), tsapIdentifier: octets(2) }, {}),
    iP6Address: sequence({ network: octets(16), tsapIdentifier: integer(0, 65_535) }, {}),
    netBios: octets(16),
    iPSourceRouteAddress: sequence(
      {
        routing: choice({ strict: nothing, loose: nothing }),
        network: octets(4),
        tsapIdentifier: integer(0, 65_535),
        route: listOf(octets(4)),
      },
      {},
    ),
  },
  {},
);

export const MulticastAddress = choice(
  {
    iPAddress: sequence({ network: octets(4), tsapIdentifier: integer(0, 65_535) }, {}),
    iP6Address: sequence({ network: octets(16), tsapIdentifier: integer(0, 65_535) }, {}),
  },
  {},
);

export const TransportAddress = choice({ unicastAddress: UnicastAddress, multicastAddress: MulticastAddress }, {});

export type TransportAddress = Infer<typeof TransportAddress>;
