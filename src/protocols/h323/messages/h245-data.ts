/** Data applications of H.245 (annex B.2.2.7), read for what stands around them. */
import { choice } from '../per/choice.js';
import { boolean, integer, nothing, octets } from '../per/primitives.js';
import { sequence, skip } from '../per/sequence.js';
import { NonStandardParameter } from './h245-common.js';
import { DataProtocolCapability, GenericCapability } from './h245-generic.js';

export const T84Profile = choice({
  t84Unrestricted: nothing,
  t84Restricted: sequence(
    {
      qcif: boolean,
      cif: boolean,
      ccir601Seq: boolean,
      ccir601Prog: boolean,
      hdtvSeq: boolean,
      hdtvProg: boolean,
      g3FacsMH200x100: boolean,
      g3FacsMH200x200: boolean,
      g4FacsMMR200x100: boolean,
      g4FacsMMR200x200: boolean,
      jbig200x200Seq: boolean,
      jbig200x200Prog: boolean,
      jbig300x300Seq: boolean,
      jbig300x300Prog: boolean,
      digPhotoLow: boolean,
      digPhotoMedSeq: boolean,
      digPhotoMedProg: boolean,
      digPhotoHighSeq: boolean,
      digPhotoHighProg: boolean,
    },
    {},
  ),
});

export const DataApplicationCapability = sequence(
  {
    application: choice(
      {
        nonStandard: NonStandardParameter,
        t120: DataProtocolCapability,
        'dsm-cc': DataProtocolCapability,
        userData: DataProtocolCapability,
        t84: sequence({ t84Protocol: DataProtocolCapability, t84Profile: T84Profile }),
        t434: DataProtocolCapability,
        h224: DataProtocolCapability,
        nlpid: sequence({ nlpidProtocol: DataProtocolCapability, nlpidData: octets() }),
        dsvdControl: nothing,
        h222DataPartitioning: DataProtocolCapability,
      },
      { t30fax: skip, t140: skip, t38fax: skip, genericDataCapability: GenericCapability },
    ),
    maxBitRate: integer(0, 4_294_967_295),
  },
  {},
);
