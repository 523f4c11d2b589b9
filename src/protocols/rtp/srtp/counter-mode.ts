import { createCipheriv, type Cipher } from 'node:crypto';

const BLOCK_BYTES = 16;
const MOST_BYTES = 2048;
const WORD_BYTES = 4;

/**
 * AES-128 in counter mode as RFC 3711 section 4.1.1 has it: IV = salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16.
 *
 * The key stream comes from one ECB cipher that lives as long as the key: a new CTR cipher for each packet costs 2 to 3 us
 * before it has encrypted anything, the blocks of a whole audio packet here 0.5 us.
 */
export class CounterMode {
  private readonly cipher: Cipher;
  private readonly salt: DataView;
  private readonly blocks = Buffer.alloc(MOST_BYTES);
  private readonly counters = new DataView(this.blocks.buffer, this.blocks.byteOffset, MOST_BYTES);

  /** @param salt 14 bytes */
  constructor(key: Uint8Array, salt: Uint8Array) {
    this.cipher = createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
    const padded = new Uint8Array(BLOCK_BYTES);
    padded.set(salt);
    this.salt = new DataView(padded.buffer);
  }

  /** Encrypts or decrypts in place; the same operation. @param index of 48 bits */
  apply(bytes: Uint8Array, ssrc: number, index: number): void {
    for (let start = 0, block = 0; start < bytes.length; start += MOST_BYTES, block += MOST_BYTES / BLOCK_BYTES) {
      const part = bytes.subarray(start, start + MOST_BYTES);
      exclusiveOr(part, this.keyStream(part.length, ssrc, index, block));
    }
  }

  private keyStream(length: number, ssrc: number, index: number, firstBlock: number): Uint8Array {
    const { salt, counters } = this;
    const blocks = Math.ceil(length / BLOCK_BYTES);
    const word0 = salt.getUint32(0);
    const word1 = salt.getUint32(4) ^ ssrc;
    const word2 = salt.getUint32(8) ^ Math.floor(index / 0x1_0000);
    const word3 = salt.getUint32(12) ^ ((index % 0x1_0000) << 16);
    for (let block = 0, at = 0; block < blocks; block++, at += BLOCK_BYTES) {
      counters.setUint32(at, word0);
      counters.setUint32(at + 4, word1);
      counters.setUint32(at + 8, word2);
      counters.setUint32(at + 12, word3 | (firstBlock + block));
    }
    return this.cipher.update(this.blocks.subarray(0, blocks * BLOCK_BYTES));
  }
}

/** Four bytes at a time: 1,150 bytes take a third of what they take one by one. */
function exclusiveOr(bytes: Uint8Array, stream: Uint8Array): void {
  const target = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const source = new DataView(stream.buffer, stream.byteOffset, stream.length);
  const whole = bytes.length - (bytes.length % WORD_BYTES);
  for (let at = 0; at < whole; at += WORD_BYTES) target.setUint32(at, target.getUint32(at) ^ source.getUint32(at));
  for (let at = whole; at < bytes.length; at++) target.setUint8(at, target.getUint8(at) ^ source.getUint8(at));
}
