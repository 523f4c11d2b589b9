/** Names and addresses of H.225.0 (section 7.6): aliases, transport addresses, identifiers. */
import { choice } from '../per/choice.js';
import { integer, nothing, objectIdentifier, octets } from '../per/primitives.js';
import { listOf, sequence } from '../per/sequence.js';
import type { Infer } from '../per/schema.js';
import { bmpString, ia5String } from '../per/strings.js';

export const GloballyUniqueID = octets(16);

export const ConferenceIdentifier = GloballyUniqueID;

export const CallIdentifier = sequence({ guid: GloballyUniqueID }, {});

export const CallReferenceValue = integer(0, 65_535);

export const ProtocolIdentifier = objectIdentifier;

export const H221NonStandard = sequence(
  { t35CountryCode: integer(0, 255), t35Extension: integer(0, 255), manufacturerCode: integer(0, 65_535) },
  {},
);

export const NonStandardIdentifier = choice({ object: objectIdentifier, h221NonStandard: H221NonStandard }, {});

export const NonStandardParameter = sequence({ nonStandardIdentifier: NonStandardIdentifier, data: octets() });

export const TransportAddress = choice(
  {
    ipAddress: sequence({ ip: octets(4), port: integer(0, 65_535) }),
    ipSourceRoute: sequence(
      {
        ip: octets(4),
        port: integer(0, 65_535),
        route: listOf(octets(4)),
        routing: choice({ strict: nothing, loose: nothing }, {}),
      },
      {},
    ),
    ipxAddress: sequence({ node: octets(6), netnum: octets(4), port: octets(2) }),
    ip6Address: sequence({ ip: octets(16), port: integer(0, 65_535) }, {}),
    netBios: octets(16),
    nsap: octets(1, 20),
    nonStandardAddress: NonStandardParameter,
  },
  {},
);

export const AliasAddress = choice(
  { dialledDigits: ia5String(1, 128, '0123456789#*,'), 'h323-ID': bmpString(1, 256) },
  { 'url-ID': ia5String(1, 512), transportID: TransportAddress, 'email-ID': ia5String(1, 512) },
);

export type TransportAddress = Infer<typeof TransportAddress>;
export type AliasAddress = Infer<typeof AliasAddress>;
