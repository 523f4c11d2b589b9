/** Generic capabilities and messages of H.245 (annex B.2.2.8): how H.264 (H.241) and everything after 1998 describes itself. */
import { choice, type OtherAddition } from '../per/choice.js';
import { integer, nothing, objectIdentifier, octets, recursive } from '../per/primitives.js';
import type { Infer, Schema } from '../per/schema.js';
import { listOf, optional, sequence } from '../per/sequence.js';
import { ia5String } from '../per/strings.js';
import { NonStandardParameter } from './h245-common.js';

export const DataProtocolCapability = choice(
  {
    nonStandard: NonStandardParameter,
    v14buffered: nothing,
    v42lapm: nothing,
    hdlcFrameTunnelling: nothing,
    h310SeparateVCStack: nothing,
    h310SingleVCStack: nothing,
    transparent: nothing,
  },
  {},
);

export const CapabilityIdentifier = choice(
  { standard: objectIdentifier, h221NonStandard: NonStandardParameter, uuid: octets(16), domainBased: ia5String(1, 64) },
  {},
);

export const ParameterIdentifier = choice(
  { standard: integer(0, 127), h221NonStandard: NonStandardParameter, uuid: octets(16), domainBased: ia5String(1, 64) },
  {},
);

export const ParameterValue = choice(
  {
    logical: nothing,
    booleanArray: integer(0, 255),
    unsignedMin: integer(0, 65_535),
    unsignedMax: integer(0, 65_535),
    unsigned32Min: integer(0, 4_294_967_295),
    unsigned32Max: integer(0, 4_294_967_295),
    octetString: octets(),
    genericParameter: listOf(recursive((): Schema<GenericParameter> => GenericParameter)),
  },
  {},
);

/** Holds itself, which inference cannot follow: the only type written by hand. */
export interface GenericParameter {
  parameterIdentifier: Infer<typeof ParameterIdentifier>;
  parameterValue:
    | { logical: null }
    | { booleanArray: number }
    | { unsignedMin: number }
    | { unsignedMax: number }
    | { unsigned32Min: number }
    | { unsigned32Max: number }
    | { octetString: Uint8Array }
    | { genericParameter: GenericParameter[] }
    | { otherAddition: OtherAddition };
  supersedes?: Infer<typeof ParameterIdentifier>[];
}

export const GenericParameter: Schema<GenericParameter> = sequence(
  { parameterIdentifier: ParameterIdentifier, parameterValue: ParameterValue, supersedes: optional(listOf(ParameterIdentifier)) },
  {},
);

export const GenericCapability = sequence(
  {
    capabilityIdentifier: CapabilityIdentifier,
    maxBitRate: optional(integer(0, 4_294_967_295)),
    collapsing: optional(listOf(GenericParameter)),
    nonCollapsing: optional(listOf(GenericParameter)),
    nonCollapsingRaw: optional(octets()),
    transport: optional(DataProtocolCapability),
  },
  {},
);

export const GenericMessage = sequence(
  {
    messageIdentifier: CapabilityIdentifier,
    subMessageIdentifier: optional(integer(0, 127)),
    messageContent: optional(listOf(GenericParameter)),
  },
  {},
);
