import type { z } from 'zod';

const SECRET_KEYS = new Set(['databaseUrl', 'url']);
const LONGEST_SHOWN = 80;

/**
 * One line for each problem: where it stands, what was found, what is allowed.
 * @param input what was checked, to show what was found
 * @param nameOf how the place of a key is written, e.g. `config/monitor.yml: http.port`
 */
export function describeRefusals(
  input: unknown,
  checked: z.ZodSafeParseResult<unknown>,
  nameOf: (keys: PropertyKey[]) => string,
): string[] {
  if (checked.success) return [];
  return checked.error.issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') {
      return [`${nameOf(issue.path)}: found ${foundAt(input, issue.path)}, allowed: ${issue.message}`];
    }
    return issue.keys.map((key) => `${nameOf([...issue.path, key])}: unknown key, allowed: ${issue.message}`);
  });
}

function foundAt(input: unknown, keys: PropertyKey[]): string {
  if (keys.some((key) => SECRET_KEYS.has(String(key)))) return 'a value that is not shown';
  let value = input;
  for (const key of keys) value = (value as Record<PropertyKey, unknown> | undefined)?.[key];
  const shown = JSON.stringify(value, (key, inner: unknown) => (SECRET_KEYS.has(key) ? 'not shown' : inner)) ?? 'nothing';
  return shown.length > LONGEST_SHOWN ? `${shown.slice(0, LONGEST_SHOWN)}…` : shown;
}
