import { parseBackupArguments, parseRestoreArguments } from './backup-arguments.js';

describe(parseBackupArguments.name, () => {
  it('takes everything to the usual place unless told otherwise', () => {
    expect(parseBackupArguments([])).toEqual({ ok: true, value: { out: undefined, results: true } });
    expect(parseBackupArguments(['--out', '/mnt/disk', '--no-results'])).toEqual({
      ok: true,
      value: { out: '/mnt/disk', results: false },
    });
  });

  it.each([[['--out']], [['--out', '']], [['--everything']], [['elsewhere']]])('refuses %j', (args) => {
    expect(parseBackupArguments(args).ok).toBe(false);
  });
});

describe(parseRestoreArguments.name, () => {
  it('replaces nothing unless told to', () => {
    expect(parseRestoreArguments(['one'])).toEqual({ ok: true, value: { path: 'one', replace: false } });
    expect(parseRestoreArguments(['--replace', 'one'])).toEqual({ ok: true, value: { path: 'one', replace: true } });
  });

  it.each([[[]], [['one', 'two']], [['one', '--force']], [['']]])('refuses %j', (args) => {
    expect(parseRestoreArguments(args).ok).toBe(false);
  });
});
