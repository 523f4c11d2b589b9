import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figures, has, mayMount, SpoolUnderLoad } from '../fixtures/spool/failing-disk.js';

const losses = ({ dropped }: Figures): number => Object.values(dropped).reduce((sum, count) => sum + count, 0);

describe('a spool whose disk fails', () => {
  let directory: string;
  let spool: SpoolUnderLoad;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spool-disk-'));
  });
  afterEach(async () => {
    await spool.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const onTmpfs = mayMount() ? it : it.skip;
  onTmpfs(
    '256 kB of disk (needs root): nothing is lost uncounted, probing goes on, and the disk is used again when it has room',
    async () => {
      const mount = `mount -t tmpfs -o size=256k none ${directory} && exec "$@"`;
      spool = new SpoolUnderLoad(['unshare', '-m', 'sh', '-c', mount, 'sh'], {
        directory: join(directory, 'spool'),
        perSecond: 500,
        memory: 300,
      });
      const full = await spool
        .until(() => true)
        .then(() => spool.ask('add'))
        .then(() => spool.until((f) => (f.dropped.disk ?? 0) > 500));
      expect(full.unacknowledged).toBeGreaterThan(300);
      await spool.ask('add', false);
      await spool.ask('acknowledge');
      const drained = await spool.until(({ unacknowledged }) => unacknowledged === 0);
      expect(drained.missing).toBe(losses(drained));
      await spool.ask('acknowledge', false);

      const remount = ['-m', '-t', String(spool.pid), 'mount', '-o', 'remount,size=64m', directory];
      expect(spawnSync('nsenter', remount).status).toBe(0);
      await spool.ask('add');
      const roomy = await spool.until(
        ({ unacknowledged, produced }) => produced > drained.produced + 2_000 && unacknowledged > 1_500,
      );
      await spool.ask('add', false);
      await spool.ask('acknowledge');
      const end = await spool.until(({ unacknowledged }) => unacknowledged === 0);
      console.log(
        `256 kB tmpfs: produced ${end.produced}, missing ${end.missing}, dropped ${JSON.stringify(end.dropped)}, held on the full disk ` +
          `${full.unacknowledged}, after enlarging ${roomy.unacknowledged}; own timer late by ${end.latestMs.toFixed(0)} ms at most`,
      );
      expect(end.missing).toBe(losses(end));
      expect(Object.keys(end.dropped)).toEqual(['disk']);
      expect(spool.said.join('')).toContain('put on disk again');
    },
  );

  const withStrace = has('strace') ? it : it.skip;
  withStrace(
    'EIO on synchronisation (needs strace): nothing is lost, probing goes on, and the disk is used again when it is well',
    async () => {
      // of the thread of the spool the 20th and the next two: a transaction, removals alone, and the first retry
      const inject = [
        '-f',
        '-qq',
        '-o',
        join(directory, 'trace'),
        '-e',
        'trace=fdatasync,fsync',
        '-e',
        'inject=fdatasync,fsync:error=EIO:when=20..22',
      ];
      spool = new SpoolUnderLoad(['strace', ...inject], { directory: join(directory, 'spool'), perSecond: 200, memory: 20_000 });
      await spool.ask('add');
      await spool.ask('acknowledge');
      const failures = (): number => spool.said.filter((line) => line.includes('cannot be put on disk')).length;
      await spool.until(() => failures() > 0);
      const failed = await spool.ask('figures');
      await spool.until(({ delivered }) => delivered > failed.delivered + 200);
      await spool.ask('acknowledge', false);
      await spool.until(() => spool.said.join('').includes('put on disk again'));
      await spool.until(({ produced }) => produced > failed.produced + 600);
      await spool.ask('add', false);
      await spool.ask('acknowledge');
      const end = await spool.until(({ unacknowledged }) => unacknowledged === 0);
      console.log(
        `EIO on sync: produced ${end.produced}, missing ${end.missing}, dropped ${JSON.stringify(end.dropped)}, delivered before the ` +
          `first error ${failed.delivered}; own timer late by ${end.latestMs.toFixed(0)} ms at most`,
      );
      expect({ missing: end.missing, dropped: end.dropped }).toEqual({ missing: 0, dropped: {} });
      expect(spool.said.join('')).toContain('put on disk again');
    },
  );
});
