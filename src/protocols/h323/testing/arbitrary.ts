import fc, { type Arbitrary } from 'fast-check';
import { ChoiceSchema } from '../per/choice.js';
import { boolean, IntegerSchema, nothing, objectIdentifier, OctetsSchema, RecursiveSchema } from '../per/primitives.js';
import type { Schema } from '../per/schema.js';
import { ListSchema, SequenceSchema, skip } from '../per/sequence.js';
import { generalString, StringSchema } from '../per/strings.js';
import type { Size } from '../per/whole-number.js';

/** Types that hold themselves are followed so far down. */
const MAX_DEPTH = 2;
/** Lists and strings are made so much longer than they have to be. */
const SPREAD = 4;

type Named = readonly (readonly [name: string, schema: Schema<unknown> | typeof skip, ...rest: unknown[]])[];

/** Any value that a schema allows: what the types alone cannot say, bounds and alphabets, is taken from the schema itself. */
export function valueOf(schema: Schema<unknown>, depth = 0): Arbitrary<unknown> {
  if (schema === boolean) return fc.boolean();
  if (schema === nothing) return fc.constant(null);
  if (schema === objectIdentifier) return identifier;
  if (schema === generalString) return textOf({ min: 0, max: SPREAD });
  if (schema instanceof IntegerSchema) return fc.integer({ min: schema.min, max: schema.max });
  if (schema instanceof OctetsSchema) return octetsOf(schema.size ?? { min: 0, max: 300 });
  if (schema instanceof StringSchema) return textOf(near(schema.size), schema.alphabet);
  if (schema instanceof RecursiveSchema) return valueOf(schema.inner(), depth + 1);
  if (schema instanceof ListSchema) return listArbitrary(schema, depth);
  if (schema instanceof SequenceSchema) return componentsOf(schema, depth);
  if (schema instanceof ChoiceSchema) return alternativesOf(schema, depth);
  throw new Error('a schema that no value can be made for');
}

const near = ({ min, max }: Size): Size => ({ min, max: Math.min(max, min + SPREAD) });

const identifier = fc
  .tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: 0, max: 39 }), fc.array(fc.integer({ min: 0, max: 2 ** 31 - 1 })))
  .map(([top, second, others]) => [top, second, ...others].join('.'));

function octetsOf({ min, max }: Size): Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: min, maxLength: max });
}

function textOf({ min, max }: Size, alphabet?: string): Arbitrary<string> {
  const char =
    alphabet === undefined
      ? fc.integer({ min: 0, max: 127 }).map((code) => String.fromCharCode(code))
      : fc.constantFrom(...alphabet);
  return fc.string({ unit: char, minLength: min, maxLength: max });
}

function listArbitrary({ element, size = { min: 0, max: SPREAD } }: ListSchema<unknown>, depth: number): Arbitrary<unknown> {
  const { min, max } = near(size);
  const isTooDeep = element instanceof RecursiveSchema && depth >= MAX_DEPTH;
  return isTooDeep ? fc.constant([]) : fc.array(valueOf(element, depth), { minLength: min, maxLength: max });
}

function componentsOf({ root, additions = [] }: SequenceSchema, depth: number): Arbitrary<unknown> {
  const readable = (fields: Named): [string, Arbitrary<unknown>][] =>
    fields.flatMap(([name, schema]) => (schema === skip ? [] : [[name, valueOf(schema, depth)]]));
  const requiredKeys = root.filter(([, , isOptional]) => !isOptional).map(([name]) => name);
  return fc.record(Object.fromEntries([...readable(root), ...readable(additions)]), { requiredKeys, noNullPrototype: true });
}

function alternativesOf({ root, additions }: ChoiceSchema, depth: number): Arbitrary<unknown> {
  const alternatives = [...root, ...(additions ?? [])].flatMap(([name, schema]) =>
    schema === skip ? [] : [valueOf(schema, depth).map((value) => ({ [name]: value }))],
  );
  return fc.oneof(...alternatives, ...(additions ? [otherAddition(additions)] : []));
}

/** One that is only kept: held by a placeholder, or of a version to come. */
function otherAddition(additions: Named): Arbitrary<unknown> {
  const held = additions.flatMap(([, schema], index) => (schema === skip ? [index] : []));
  const later = fc.integer({ min: additions.length, max: 300 });
  const index = held.length > 0 ? fc.oneof(fc.constantFrom(...held), later) : later;
  return fc.record({ index, octets: octetsOf({ min: 0, max: 8 }) }).map((value) => ({ otherAddition: value }));
}
