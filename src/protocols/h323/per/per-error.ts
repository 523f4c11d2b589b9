/** Why octets are no value of a schema. */
export type PerErrorCode =
  /** they end before the value does, or an open type ends before its contents do */
  | 'truncated'
  /** a number, a length, an index or a character that the schema does not allow */
  | 'out-of-range'
  /** a length of 16,384 and more comes in fragments (X.691 section 11.9.3.8); no message of ours needs one */
  | 'fragmented'
  /** a root alternative or component that the schema only reserves: it has no length, so what follows cannot be found */
  | 'reserved'
  | 'too-deep'
  | 'too-many';

export interface PerError {
  code: PerErrorCode;
  /** where reading stopped, counted in bits from the start */
  atBit: number;
}

/** A value that we built and that its schema does not allow: a bug of ours, so it is thrown. */
export class PerValueError extends RangeError {
  override readonly name = 'PerValueError';
}
