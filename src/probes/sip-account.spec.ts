import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAccount } from './sip-account.js';

describe(readAccount, () => {
  let directory: string;
  beforeAll(() => (directory = mkdtempSync(join(tmpdir(), 'account-'))));
  afterAll(() => rmSync(directory, { recursive: true }));

  it('reads the first line of the file, at each call anew', async () => {
    const passwordFile = join(directory, 'password');
    writeFileSync(passwordFile, 'mật khẩu \r\n# of the codec\n');
    expect(await readAccount({ user: 'u', passwordFile })).toEqual({ ok: true, value: { user: 'u', password: 'mật khẩu ' } });
    writeFileSync(passwordFile, 'changed');
    expect(await readAccount({ user: 'u', passwordFile })).toMatchObject({ value: { password: 'changed' } });
  });

  it('reads the variable', async () => {
    const passwords = (): Record<string, string> => ({ SIP_PASSWORD_ROOM: 'secret' });
    const account = { user: 'u', passwordEnv: 'SIP_PASSWORD_ROOM' };
    expect(await readAccount(account, passwords)).toMatchObject({ value: { password: 'secret' } });
  });

  it('has none without a user', async () => {
    expect(await readAccount({})).toEqual({ ok: true, value: undefined });
  });

  it.each([{ passwordFile: '/no/such/file' }, { passwordEnv: 'SIP_PASSWORD_NONE' }])(
    'says what cannot be read: %j',
    async (source) => {
      expect(await readAccount({ user: 'u', ...source }, () => ({}))).toEqual({
        ok: false,
        error: expect.stringContaining(Object.values(source)[0] as string) as string,
      });
    },
  );
});
