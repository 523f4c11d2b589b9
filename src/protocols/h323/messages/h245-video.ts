/** Video capabilities of H.245 (annex B.2.2.5). */
import { choice } from '../per/choice.js';
import { boolean, integer } from '../per/primitives.js';
import type { Infer } from '../per/schema.js';
import { optional, sequence } from '../per/sequence.js';
import { NonStandardParameter } from './h245-common.js';
import { GenericCapability } from './h245-generic.js';

export const H261VideoCapability = sequence(
  {
    qcifMPI: optional(integer(1, 4)),
    cifMPI: optional(integer(1, 4)),
    temporalSpatialTradeOffCapability: boolean,
    maxBitRate: integer(1, 19_200),
    stillImageTransmission: boolean,
  },
  {},
);

export const H262VideoCapability = sequence(
  {
    'profileAndLevel-SPatML': boolean,
    'profileAndLevel-MPatLL': boolean,
    'profileAndLevel-MPatML': boolean,
    'profileAndLevel-MPatH-14': boolean,
    'profileAndLevel-MPatHL': boolean,
    'profileAndLevel-SNRatLL': boolean,
    'profileAndLevel-SNRatML': boolean,
    'profileAndLevel-SpatialatH-14': boolean,
    'profileAndLevel-HPatML': boolean,
    'profileAndLevel-HPatH-14': boolean,
    'profileAndLevel-HPatHL': boolean,
    videoBitRate: optional(integer(0, 1_073_741_823)),
    vbvBufferSize: optional(integer(0, 262_143)),
    samplesPerLine: optional(integer(0, 16_383)),
    linesPerFrame: optional(integer(0, 16_383)),
    framesPerSecond: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4_294_967_295)),
  },
  { videoBadMBsCap: boolean },
);

export const H263VideoCapability = sequence(
  {
    sqcifMPI: optional(integer(1, 32)),
    qcifMPI: optional(integer(1, 32)),
    cifMPI: optional(integer(1, 32)),
    cif4MPI: optional(integer(1, 32)),
    cif16MPI: optional(integer(1, 32)),
    maxBitRate: integer(1, 192_400),
    unrestrictedVector: boolean,
    arithmeticCoding: boolean,
    advancedPrediction: boolean,
    pbFrames: boolean,
    temporalSpatialTradeOffCapability: boolean,
    'hrd-B': optional(integer(0, 524_287)),
    bppMaxKb: optional(integer(0, 65_535)),
  },
  {},
);

export const IS11172VideoCapability = sequence(
  {
    constrainedBitstream: boolean,
    videoBitRate: optional(integer(0, 1_073_741_823)),
    vbvBufferSize: optional(integer(0, 262_143)),
    samplesPerLine: optional(integer(0, 16_383)),
    linesPerFrame: optional(integer(0, 16_383)),
    pictureRate: optional(integer(0, 15)),
    luminanceSampleRate: optional(integer(0, 4_294_967_295)),
  },
  {},
);

export const VideoCapability = choice(
  {
    nonStandard: NonStandardParameter,
    h261VideoCapability: H261VideoCapability,
    h262VideoCapability: H262VideoCapability,
    h263VideoCapability: H263VideoCapability,
    is11172VideoCapability: IS11172VideoCapability,
  },
  { genericVideoCapability: GenericCapability },
);

export type VideoCapability = Infer<typeof VideoCapability>;
