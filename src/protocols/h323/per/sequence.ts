/** SEQUENCE (X.691 section 19) and SEQUENCE OF (section 20). */
import type { BitReader } from './bit-reader.js';
import type { BitWriter } from './bit-writer.js';
import { readOpen, writeOpen } from './open-type.js';
import { PerValueError } from './per-error.js';
import type { Infer, Schema } from './schema.js';
import { readLength, readSmallNumber, writeLength, writeSmallNumber, type Size } from './whole-number.js';

/** Holds the place of a component or an alternative that nobody reads. In a root it must be absent, its length is unknown. */
export const skip = Symbol('skip');

export interface Optional<T> {
  readonly optional: Schema<T> | typeof skip;
}

/** OPTIONAL in the root of a SEQUENCE. */
export const optional = <S extends Schema<unknown> | typeof skip>(inner: S): Optional<Infer<S>> => ({
  optional: inner as Optional<Infer<S>>['optional'],
});

type RootFields = Readonly<Record<string, Schema<unknown> | Optional<unknown>>>;
type Additions = Readonly<Record<string, Schema<unknown> | typeof skip>>;

type RequiredOf<R> = { [K in keyof R as R[K] extends Schema<unknown> ? K : never]: Infer<R[K]> };
type OptionalOf<R> = {
  [K in keyof R as R[K] extends Optional<unknown> ? K : never]?: R[K] extends Optional<infer T> ? T : never;
};
type AdditionsOf<A> = { [K in keyof A as A[K] extends Schema<unknown> ? K : never]?: Infer<A[K]> };
type Flat<T> = { [K in keyof T]: T[K] };
type SequenceOf<R, A> = Flat<RequiredOf<R> & OptionalOf<R> & AdditionsOf<A>>;

type Components = Record<string, unknown>;

export class SequenceSchema implements Schema<Components> {
  readonly root: readonly [name: string, schema: Schema<unknown> | typeof skip, isOptional: boolean][];
  readonly additions?: readonly [name: string, schema: Schema<unknown> | typeof skip][];

  constructor(root: RootFields, additions?: Additions) {
    this.root = Object.entries(root).map(([name, field]) =>
      'optional' in field ? [name, field.optional, true] : [name, field, false],
    );
    this.additions = additions && Object.entries(additions);
  }

  read(reader: BitReader): Components {
    const isExtended = this.additions !== undefined && reader.bit();
    const present = this.root.map(([, , isOptional]) => !isOptional || reader.bit());
    const value: Components = {};
    for (const [index, [name, schema]] of this.root.entries()) {
      if (!present[index] || reader.error) continue;
      if (schema === skip) reader.fail('reserved');
      else value[name] = schema.read(reader);
    }
    if (isExtended) this.readAdditions(reader, value);
    return value;
  }

  write(writer: BitWriter, value: Components): void {
    const isExtended = this.additions?.some(([name]) => value[name] !== undefined) ?? false;
    if (this.additions) writer.bit(isExtended);
    for (const [name, , isOptional] of this.root) if (isOptional) writer.bit(value[name] !== undefined);
    for (const [name, schema, isOptional] of this.root) {
      const component = value[name];
      if (component === undefined && isOptional) continue;
      if (component === undefined || schema === skip) throw new PerValueError(`${name} cannot be written`);
      schema.write(writer, component);
    }
    if (isExtended) this.writeAdditions(writer, value);
  }

  /** A bit for each addition that the sender knows, then each one there as an open type: those after our time are passed over. */
  private readAdditions(reader: BitReader, value: Components): void {
    const count = readSmallNumber(reader) + 1;
    if (count > reader.remainingBits) reader.fail('truncated');
    if (reader.error) return;
    const present = Array.from({ length: count }, () => reader.bit());
    for (const [index, isThere] of present.entries()) {
      if (!isThere || reader.error) continue;
      const [name, schema] = this.additions?.[index] ?? [];
      if (name === undefined || schema === undefined || schema === skip) reader.take(readLength(reader));
      else value[name] = readOpen(reader, schema);
    }
  }

  /** A bit for every addition that is listed, as senders differ in it: H323Plus ends them with the last one that is there. */
  private writeAdditions(writer: BitWriter, value: Components): void {
    const additions = this.additions ?? [];
    writeSmallNumber(writer, additions.length - 1);
    for (const [name] of additions) writer.bit(value[name] !== undefined);
    for (const [name, schema] of additions) {
      const component = value[name];
      if (component === undefined) continue;
      if (schema === skip) throw new PerValueError(`${name} cannot be written`);
      writeOpen(writer, schema, component);
    }
  }
}

/**
 * SEQUENCE of the components of its root. The second object, where there is one, says that the type has an extension marker,
 * and holds the additions after it; a sender of an older version leaves any of them out, so all are optional.
 */
export function sequence<const R extends RootFields, const A extends Additions = Record<never, never>>(
  root: R,
  additions?: A,
): Schema<SequenceOf<R, A>> {
  // the fields were given as one object, and are read and written by the names in it
  return new SequenceSchema(root, additions) as Schema<unknown> as Schema<SequenceOf<R, A>>;
}

export class ListSchema<T> implements Schema<T[]> {
  constructor(
    readonly element: Schema<T>,
    readonly size?: Size,
  ) {}

  read(reader: BitReader): T[] {
    const length = readLength(reader, this.size);
    const list: T[] = [];
    while (list.length < length && reader.nextElement()) list.push(this.element.read(reader));
    return list;
  }

  write(writer: BitWriter, value: T[]): void {
    writeLength(writer, value.length, this.size);
    for (const element of value) this.element.write(writer, element);
  }
}

/** SEQUENCE OF, in its bounds where it has some. */
export const listOf = <T>(element: Schema<T>, min?: number, max?: number): Schema<T[]> =>
  new ListSchema(element, min === undefined || max === undefined ? undefined : { min, max });
