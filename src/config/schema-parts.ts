import { z } from 'zod';

/** A mapping that knows all its keys; absent means every default inside it. */
export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  const allowed = `a mapping with the keys ${Object.keys(shape).join(', ')}`;
  return z.strictObject(shape, { error: allowed });
}

export function whole(min: number, max: number) {
  const error = `a whole number from ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
}

export function number(min: number, max: number) {
  const error = `a number from ${min} to ${max}`;
  return z.number({ error }).min(min, { error }).max(max, { error });
}

export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

export function text(pattern: RegExp, error: string) {
  return z.string({ error }).regex(pattern, { error });
}

export const path = text(/^[^\0]+$/, 'a path');
export const host = text(/^[A-Za-z0-9._:-]{1,253}$/, 'an IP address or a host name');
export const name = text(/^[a-z0-9][a-z0-9-]{0,31}$/, 'a short name of a-z, 0-9 and "-"');
