import { readFile } from 'node:fs/promises';
import { err, ok, type Result } from '../common/result.js';
import { noticeSecret } from '../config/notice-secrets.js';

/** Where a secret stands: never the secret itself. */
export interface SecretSource {
  file: string | undefined;
  variable: string | undefined;
}

/** Read at each sending, so that a changed secret needs no restart, and kept nowhere. The error never says what was read. */
export async function readSecret({ file, variable }: SecretSource): Promise<Result<string>> {
  if (variable !== undefined) {
    const value = noticeSecret(variable);
    return value ? ok(value) : err(`the environment variable ${variable} is not set`);
  }
  try {
    const [line = ''] = (await readFile(file ?? '', 'utf8')).split(/\r?\n/, 1);
    return line ? ok(line) : err('the first line of the secret file is empty');
  } catch (error) {
    return err(`the secret file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no file'})`);
  }
}
