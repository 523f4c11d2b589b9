import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** `faults[2].schedule.for`, as a reader finds it in the file. */
function keyOf(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) text += typeof part === 'number' ? `[${part}]` : text === '' ? String(part) : `.${String(part)}`;
  return text;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const part of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[part];
  }
  return value;
}

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function allowed(issue: Issue, names: readonly string[]): string {
  switch (issue.code) {
    case 'invalid_union':
      return `one of ${names.join(', ')}`;
    case 'too_small':
      return `${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}`;
    case 'too_big':
      return `at most ${issue.maximum}`;
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return `one of ${issue.values.join(', ')}`;
    default:
      return issue.message;
  }
}

/**
 * One line for each thing wrong: key, what was found, what is allowed.
 * @param allowedNames what a discriminator that matches nothing could have been
 */
export function describeIssues(error: z.ZodError, input: unknown, allowedNames: readonly string[]): string[] {
  return error.issues.flatMap((issue) => {
    const key = keyOf(issue.path) || 'the whole';
    if (issue.code === 'unrecognized_keys') return issue.keys.map((name) => `${key}: unknown key "${name}"`);
    if (issue.code === 'custom') return [`${key}: ${issue.message}`];
    return [`${key}: found ${show(valueAt(input, issue.path))}, allowed: ${allowed(issue, allowedNames)}`];
  });
}
