/** G.711 companding (ITU-T G.711), 8000 samples a second, and the sound our calls send and measure. */
export type G711Codec = 'PCMA' | 'PCMU';

export const G711_RATE_HZ = 8000;
/** below this a packet counts as digital silence: a muted microphone, not a quiet room */
export const DIGITAL_SILENCE_DBOV = -65;
/** stands for silence that has no level at all (mu-law zero) */
export const LEVEL_FLOOR_DBOV = -96;

const FULL_SCALE = 32_768;
const MULAW_BIAS = 0x84;
const MULAW_CLIP = 32_635;

/** One 16-bit linear sample to A-law, even bits inverted. */
export function alawOf(sample: number): number {
  const sign = sample >= 0 ? 0x80 : 0;
  // the negative half is shifted by one so that -1 and 0 fall in different codes, as in the ITU reference code
  const magnitude = Math.min(sample >= 0 ? sample : -sample - 1, FULL_SCALE - 1) >> 3;
  let exponent = 0;
  while (exponent < 7 && magnitude >> (exponent + 5) > 0) exponent++;
  const mantissa = exponent <= 1 ? (magnitude >> 1) & 0x0f : (magnitude >> exponent) & 0x0f;
  return (sign | (exponent << 4) | mantissa) ^ 0x55;
}

/** One 16-bit linear sample to mu-law, all bits inverted. */
export function ulawOf(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), MULAW_CLIP) + MULAW_BIAS;
  let exponent = 7;
  while (exponent > 0 && (magnitude & (0x80 << exponent)) === 0) exponent--;
  return ~(sign | (exponent << 4) | ((magnitude >> (exponent + 3)) & 0x0f)) & 0xff;
}

export const encodeAlaw = (pcm: Int16Array): Uint8Array => Uint8Array.from(pcm, alawOf);
export const encodeUlaw = (pcm: Int16Array): Uint8Array => Uint8Array.from(pcm, ulawOf);

function linearOfAlaw(code: number): number {
  const bits = code ^ 0x55;
  const exponent = (bits >> 4) & 0x07;
  const mantissa = ((bits & 0x0f) << 4) + 8;
  const magnitude = exponent === 0 ? mantissa : (mantissa + 0x100) << (exponent - 1);
  return bits & 0x80 ? magnitude : -magnitude;
}

function linearOfUlaw(code: number): number {
  const bits = ~code & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + MULAW_BIAS) << ((bits >> 4) & 0x07)) - MULAW_BIAS;
  return bits & 0x80 ? -magnitude : magnitude;
}

const DECODED: Record<G711Codec, Int16Array> = {
  PCMA: Int16Array.from({ length: 256 }, (_, code) => linearOfAlaw(code)),
  PCMU: Int16Array.from({ length: 256 }, (_, code) => linearOfUlaw(code)),
};

export const decodeG711 = (payload: Uint8Array, codec: G711Codec): Int16Array =>
  Int16Array.from(payload, (code) => DECODED[codec][code] ?? 0);

/** Mean power of the samples, 0 to 1 (1 = full-scale square wave). */
export function meanPower(payload: Uint8Array, codec: G711Codec): number {
  const table = DECODED[codec];
  let sum = 0;
  for (const code of payload) {
    const sample = table[code] ?? 0;
    sum += sample * sample;
  }
  return payload.length === 0 ? 0 : sum / payload.length / (FULL_SCALE * FULL_SCALE);
}

/** Power as dBov (RFC 6464 appendix A): 0 is the overload of the system. */
export const powerToDbov = (power: number): number =>
  power > 0 ? Math.max(LEVEL_FLOOR_DBOV, 10 * Math.log10(power)) : LEVEL_FLOOR_DBOV;

export const levelDbov = (payload: Uint8Array, codec: G711Codec): number => powerToDbov(meanPower(payload, codec));

const encode = (pcm: Int16Array, codec: G711Codec): Uint8Array => (codec === 'PCMA' ? encodeAlaw(pcm) : encodeUlaw(pcm));

/** White noise of a given level; the same seed gives the same sound. */
export function comfortNoise(codec: G711Codec, samples: number, level: number, seed: number): Uint8Array {
  // a uniform distribution over +-a has the power a*a/3
  const amplitude = FULL_SCALE * 10 ** (level / 20) * Math.sqrt(3);
  let state = seed >>> 0 || 1;
  const pcm = Int16Array.from({ length: samples }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.round(((state | 0) / 0x8000_0000) * amplitude);
  });
  return encode(pcm, codec);
}

/** A piece of a continuous sine, `fromSample` samples after its start. `level` is that of the sine itself, in dBov. */
export function toneFrame(
  codec: G711Codec,
  samples: number,
  tone: { hz: number; level: number; fromSample: number },
): Uint8Array {
  const peak = Math.min(FULL_SCALE - 1, FULL_SCALE * 10 ** (tone.level / 20) * Math.SQRT2);
  const step = (2 * Math.PI * tone.hz) / G711_RATE_HZ;
  return encode(
    Int16Array.from({ length: samples }, (_, i) => Math.round(peak * Math.sin(step * (tone.fromSample + i)))),
    codec,
  );
}
