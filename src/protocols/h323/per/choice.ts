/** CHOICE (X.691 section 23). */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { readOpen, writeOpen } from './open-type.js';
import { PerValueError } from './per-error.js';
import type { Infer, Schema } from './schema.js';
import { skip } from './sequence.js';
import { readLength, readNumber, readSmallNumber, writeLength, writeNumber, writeSmallNumber } from './whole-number.js';

/** An alternative after the extension marker that the schema skips, or that came with a version after our time. */
export interface OtherAddition {
  /** 0 is the first alternative after the extension marker */
  index: number;
  octets: Uint8Array;
}

type Alternatives = Readonly<Record<string, Schema<unknown> | typeof skip>>;
type OneOf<A> = { [K in keyof A]: A[K] extends Schema<unknown> ? { [P in K]: Infer<A[K]> } : never }[keyof A];
type ChoiceOf<R, A> = OneOf<R> | (A extends undefined ? never : OneOf<A> | { otherAddition: OtherAddition });

type Chosen = Record<string, unknown>;

export class ChoiceSchema implements Schema<Chosen> {
  readonly root: readonly [name: string, schema: Schema<unknown> | typeof skip][];
  readonly additions?: readonly [name: string, schema: Schema<unknown> | typeof skip][];

  constructor(root: Alternatives, additions?: Alternatives) {
    this.root = Object.entries(root);
    this.additions = additions && Object.entries(additions);
  }

  read(reader: BitReader): Chosen {
    if (this.additions && reader.bit()) return this.readAddition(reader, this.additions);
    const [name, schema] = this.root[readNumber(reader, 0, this.root.length - 1)] ?? [];
    if (name !== undefined && schema !== undefined && schema !== skip && !reader.error) return { [name]: schema.read(reader) };
    reader.fail('reserved');
    return {};
  }

  write(writer: BitWriter, value: Chosen): void {
    const [name, chosen] = Object.entries(value)[0] ?? [];
    const isChosen = ([alternative]: readonly [string, ...unknown[]]): boolean => alternative === name;
    const index = this.root.findIndex(isChosen);
    if (index < 0) return this.writeAddition(writer, this.additions?.findIndex(isChosen) ?? -1, chosen);
    const schema = this.root[index]?.[1];
    if (schema === undefined || schema === skip) throw new PerValueError(`${name} cannot be written`);
    if (this.additions) writer.bit(false);
    writeNumber(writer, index, 0, this.root.length - 1);
    schema.write(writer, chosen);
  }

  private readAddition(reader: BitReader, additions: NonNullable<ChoiceSchema['additions']>): Chosen {
    const index = readSmallNumber(reader);
    const [name, schema] = additions[index] ?? [];
    if (name !== undefined && schema !== undefined && schema !== skip) return { [name]: readOpen(reader, schema) };
    return { otherAddition: { index, octets: reader.take(readLength(reader)) } satisfies OtherAddition };
  }

  /** @param index of the alternative; -1 for one that has no name here */
  private writeAddition(writer: BitWriter, index: number, chosen: unknown): void {
    const schema = this.additions?.[index]?.[1];
    const other = schema === undefined || schema === skip ? (chosen as OtherAddition | undefined) : undefined;
    if (!this.additions || (other && !(other.octets instanceof Uint8Array))) throw new PerValueError('no such alternative');
    writer.bit(true);
    writeSmallNumber(writer, other?.index ?? index);
    if (!other) return writeOpen(writer, schema as Schema<unknown>, chosen);
    writeLength(writer, other.octets.length);
    writer.put(other.octets);
  }
}

/**
 * CHOICE: an object with one property, `{ ipAddress: {...} }`. `skip` holds an index: such an alternative of the root ends the
 * reading of the message, one after the extension marker is kept as `otherAddition`. The second object, where there is one,
 * says that the type has an extension marker.
 */
export function choice<const R extends Alternatives, const A extends Alternatives | undefined = undefined>(
  root: R,
  additions?: A,
): Schema<ChoiceOf<R, A>> {
  // the alternatives were given as one object, and are read and written by the names in it
  return new ChoiceSchema(root, additions) as Schema<unknown> as Schema<ChoiceOf<R, A>>;
}
