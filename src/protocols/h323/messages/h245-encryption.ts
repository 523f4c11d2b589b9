/** Media encryption of H.235 as H.245 names it (annex B): understood so that it can be refused by name. */
import { choice } from '../per/choice.js';
import { objectIdentifier } from '../per/primitives.js';
import { listOf, optional, sequence } from '../per/sequence.js';
import { AudioCapability } from './h245-audio.js';
import { CapabilityTableEntryNumber, NonStandardParameter } from './h245-common.js';
import { DataApplicationCapability } from './h245-data.js';
import { VideoCapability } from './h245-video.js';

export const MediaEncryptionAlgorithm = choice({ nonStandard: NonStandardParameter, algorithm: objectIdentifier }, {});

export const EncryptionCapability = listOf(MediaEncryptionAlgorithm, 1, 256);

export const AuthenticationCapability = sequence({ nonStandard: optional(NonStandardParameter) }, {});

export const IntegrityCapability = sequence({ nonStandard: optional(NonStandardParameter) }, {});

export const EncryptionAuthenticationAndIntegrity = sequence(
  {
    encryptionCapability: optional(EncryptionCapability),
    authenticationCapability: optional(AuthenticationCapability),
    integrityCapability: optional(IntegrityCapability),
  },
  {},
);

export const H235SecurityCapability = sequence(
  { encryptionAuthenticationAndIntegrity: EncryptionAuthenticationAndIntegrity, mediaCapability: CapabilityTableEntryNumber },
  {},
);

export const H235Media = sequence(
  {
    encryptionAuthenticationAndIntegrity: EncryptionAuthenticationAndIntegrity,
    mediaType: choice(
      {
        nonStandard: NonStandardParameter,
        videoData: VideoCapability,
        audioData: AudioCapability,
        data: DataApplicationCapability,
      },
      {},
    ),
  },
  {},
);
