/**
 * Security of the H.245 channel as H.225.0 speaks of it (section 7.6): read, since PROGRESS has it in its root, and never
 * agreed to.
 */
import { choice } from '../per/choice.js';
import { nothing } from '../per/primitives.js';
import { optional, sequence } from '../per/sequence.js';
import { NonStandardParameter } from './h225-address.js';

export const SecurityServiceMode = choice({ nonStandard: NonStandardParameter, none: nothing, default: nothing }, {});

export const SecurityCapabilities = sequence(
  {
    nonStandard: optional(NonStandardParameter),
    encryption: SecurityServiceMode,
    authenticaton: SecurityServiceMode,
    integrity: SecurityServiceMode,
  },
  {},
);

export const H245Security = choice(
  { nonStandard: NonStandardParameter, noSecurity: nothing, tls: SecurityCapabilities, ipsec: SecurityCapabilities },
  {},
);
