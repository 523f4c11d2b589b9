/**
 * Audio capabilities of H.245 (annex B.2.2.6). A root alternative has no length: all of them are here, or one odd codec would
 * cost a whole capability set.
 */
import { choice } from '../per/choice.js';
import { boolean, integer } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { sequence, skip } from '../per/sequence.js';
import { generalString } from '../per/strings.js';
import { NonStandardParameter } from './h245-common.js';
import { GenericCapability } from './h245-generic.js';

export const IS11172AudioCapability = sequence(
  {
    audioLayer1: boolean,
    audioLayer2: boolean,
    audioLayer3: boolean,
    audioSampling32k: boolean,
    audioSampling44k1: boolean,
    audioSampling48k: boolean,
    singleChannel: boolean,
    twoChannels: boolean,
    bitRate: integer(1, 448),
  },
  {},
);

export const IS13818AudioCapability = sequence(
  {
    audioLayer1: boolean,
    audioLayer2: boolean,
    audioLayer3: boolean,
    audioSampling16k: boolean,
    audioSampling22k05: boolean,
    audioSampling24k: boolean,
    audioSampling32k: boolean,
    audioSampling44k1: boolean,
    audioSampling48k: boolean,
    singleChannel: boolean,
    twoChannels: boolean,
    'threeChannels2-1': boolean,
    'threeChannels3-0': boolean,
    'fourChannels2-0-2-0': boolean,
    'fourChannels2-2': boolean,
    'fourChannels3-1': boolean,
    'fiveChannels3-0-2-0': boolean,
    'fiveChannels3-2': boolean,
    lowFrequencyEnhancement: boolean,
    multilingual: boolean,
    bitRate: integer(1, 1130),
  },
  {},
);

export const NoPTAudioTelephonyEventCapability = sequence({ audioTelephoneEvent: generalString }, {});

export const AudioTelephonyEventCapability = sequence(
  { dynamicRTPPayloadType: integer(96, 127), audioTelephoneEvent: generalString },
  {},
);

export const AudioCapability = choice(
  {
    nonStandard: NonStandardParameter,
    g711Alaw64k: integer(1, 256),
    g711Alaw56k: integer(1, 256),
    g711Ulaw64k: integer(1, 256),
    g711Ulaw56k: integer(1, 256),
    'g722-64k': integer(1, 256),
    'g722-56k': integer(1, 256),
    'g722-48k': integer(1, 256),
    g7231: sequence({ 'maxAl-sduAudioFrames': integer(1, 256), silenceSuppression: boolean }),
    g728: integer(1, 256),
    g729: integer(1, 256),
    g729AnnexA: integer(1, 256),
    is11172AudioCapability: IS11172AudioCapability,
    is13818AudioCapability: IS13818AudioCapability,
  },
  {
    g729wAnnexB: skip,
    g729AnnexAwAnnexB: skip,
    g7231AnnexCCapability: skip,
    gsmFullRate: skip,
    gsmHalfRate: skip,
    gsmEnhancedFullRate: skip,
    genericAudioCapability: GenericCapability,
    g729Extensions: skip,
    vbd: skip,
    audioTelephonyEvent: NoPTAudioTelephonyEventCapability,
  },
);

export type AudioCapability = Infer<typeof AudioCapability>;
