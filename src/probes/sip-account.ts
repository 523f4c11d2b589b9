import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { err, ok, type Result } from '../common/result.js';
import { SIP_PASSWORD_VARIABLE, sipPasswords } from '../config/sip-passwords.js';

/**
 * For digest authentication. The password itself is no option: options are stored, printed and sent between processes. It is
 * read at each call from where the options say, and kept nowhere.
 */
export const accountShape = {
  user: z.string().min(1).max(128).optional(),
  passwordFile: z.string().min(1).optional(),
  passwordEnv: z.string().regex(SIP_PASSWORD_VARIABLE).optional(),
};

export interface AccountOptions {
  user?: string;
  passwordFile?: string;
  passwordEnv?: string;
}

export function checkAccount({ user, passwordFile, passwordEnv }: AccountOptions, context: z.RefinementCtx): void {
  const sources = [passwordFile, passwordEnv].filter((source) => source !== undefined).length;
  if (sources === (user === undefined ? 0 : 1)) return;
  context.addIssue({ code: 'custom', path: ['user'], message: 'user belongs together with one of passwordFile and passwordEnv' });
}

export interface Account {
  user: string;
  password: string;
}

/** undefined: none is configured. The error says what could not be read, and never what was. */
export async function readAccount(
  { user, passwordFile, passwordEnv }: AccountOptions,
  passwords: () => Record<string, string> = sipPasswords,
): Promise<Result<Account | undefined>> {
  if (user === undefined) return ok(undefined);
  if (passwordEnv !== undefined) {
    const password = passwords()[passwordEnv];
    return password ? ok({ user, password }) : err(`the environment variable ${passwordEnv} is not set`);
  }
  try {
    const text = await readFile(passwordFile ?? '', 'utf8');
    return ok({ user, password: text.split(/\r?\n/, 1)[0] ?? '' });
  } catch (error) {
    return err(`the password file cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
