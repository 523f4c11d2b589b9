import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program stands in PATH; undefined when it is not installed. */
export function programPath(name: string): string | undefined {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const path = join(folder, name);
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      continue;
    }
  }
  return undefined;
}

/**
 * `describe` where the programs are installed; otherwise skipped under a title that names what is missing.
 * @param alsoMissing what else the caller found wanting
 */
export function describeWith(programs: string[], title: string, body: () => void, alsoMissing: string[] = []): void {
  const missing = [...programs.filter((program) => !programPath(program)), ...alsoMissing];
  if (missing.length === 0) describe(title, body);
  else describe.skip(`${title} (missing here: ${missing.join(', ')})`, body);
}
