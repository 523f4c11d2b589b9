import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CallPause } from './call-pause.js';
import { COMPACT_BYTES, HarmFile } from './harm-file.js';

const busy: CallPause = { cause: 'busy', streak: 2, untilMs: 5_000 };

describe(HarmFile.name, () => {
  let directory: string;
  let sinceBootMs = 0;
  const errors: unknown[] = [];
  const open = (boot = 'first'): HarmFile =>
    new HarmFile(directory, { boot, sinceBootMs: () => sinceBootMs, onError: (error) => errors.push(error) });
  const path = (): string => join(directory, 'pauses.jsonl');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'harm-'));
    sinceBootMs = 1_000;
    errors.length = 0;
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('tells the next process who is to be left in peace, without having been closed', () => {
    const first = open();
    first.notePause('a', busy);
    first.notePause('b', busy);
    first.notePause('b', undefined);
    first.notePause('a', { ...busy, streak: 3 });
    expect([...open().read().pauses]).toEqual([['a', { ...busy, streak: 3 }]]);
    first.close();
  });

  it('carries the steady reading on within one start of the machine, and not past it', () => {
    open().noteClock(50_000);
    sinceBootMs = 4_000;
    expect(open().read().steadyMs).toBe(53_000);
    expect(open('second').read().steadyMs).toBeUndefined();
  });

  it('leaves out what it cannot read, a torn last line too', () => {
    const first = open();
    first.notePause('a', busy);
    appendFileSync(path(), '\u0000\u0001\n{"endpointId":7}\n[]\n{"endpointId":"b","pause":{"cause":"busy","str');
    expect([...open().read().pauses].map(([id]) => id)).toEqual(['a']);
    first.close();
    writeFileSync(path(), Buffer.alloc(65 * COMPACT_BYTES));
    expect([...open().read().pauses]).toEqual([]);
  });

  it('stays small however often it is written, and goes on when the disk does not', () => {
    const file = open();
    for (let round = 0; round < 25_000; round++) file.notePause(`room-${round % 3}`, { ...busy, untilMs: round });
    expect(statSync(path()).size).toBeLessThan(COMPACT_BYTES + 200);
    file.close();
    file.notePause('late', busy);
    expect(errors).toHaveLength(1);
    expect([...file.read().pauses]).toHaveLength(4);
  });
});
