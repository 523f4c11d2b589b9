import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { type Scheduler, systemScheduler } from '../../src/common/clock.js';
import { ProberHost, type ProberStatus } from '../../src/prober/host/prober-host.js';
import { isAlive, until } from '../fixtures/prober-processes.js';

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url));
const log = pino({ level: 'silent' });

/** Time that runs ten times as fast, and remembers what it was asked to wait for. */
function fastScheduler(): Scheduler & { delays: number[]; pending: number } {
  const fast = {
    delays: [] as number[],
    pending: 0,
    wallMs: () => Date.now(),
    monotonicMs: () => systemScheduler.monotonicMs() * 10,
    after(delayMs: number, run: () => void) {
      fast.delays.push(delayMs);
      fast.pending++;
      let over = false;
      const end = (): void => {
        if (!over) fast.pending--;
        over = true;
      };
      const cancel = systemScheduler.after(delayMs / 10, () => {
        end();
        run();
      });
      return () => {
        end();
        cancel();
      };
    },
  };
  return fast;
}

describe(ProberHost.name, () => {
  let host: ProberHost;
  afterEach(() => host.stop());

  it('restarts a prober that dies, ever more slowly', async () => {
    const scheduler = fastScheduler();
    host = new ProberHost({ entry: fixture('prober-that-crashes'), log, backoff: { minMs: 301, maxMs: 1_204 }, scheduler });
    const statuses: ProberStatus[] = [];
    host.onStatus((status) => statuses.push(status));
    expect(host.status()).toBe('down');
    host.start();
    const backOffs = (): number[] => scheduler.delays.filter((delayMs) => delayMs % 301 === 0);
    await until(() => backOffs().length >= 4);
    expect(backOffs().slice(0, 4)).toEqual([301, 602, 1_204, 1_204]);
    expect(host.checkNow([])).toBe(false);
    await host.stop();
    expect(statuses).toEqual(['restarting', 'down']);
    expect(scheduler.pending).toBe(0);
  });

  it('kills a prober that falls silent and starts another', async () => {
    const scheduler = fastScheduler();
    host = new ProberHost({ entry: fixture('prober-that-hangs'), log, backoff: { minMs: 100, maxMs: 100 }, scheduler });
    const pids = new Set<number | undefined>();
    host.onStatus((status) => status === 'up' && pids.add(host.pid));
    host.start();
    await until(() => pids.size >= 2);
    const [first, second] = [...pids];
    expect(isAlive(first)).toBe(false);
    expect(isAlive(second)).toBe(true);
    expect(host.life().restarts).toBe(1);
    expect(host.life().upSinceMs).not.toBeNull();
    await host.stop();
    expect(host.life()).toEqual({ restarts: 1, upSinceMs: null });
    expect(isAlive(second)).toBe(false);
    expect(scheduler.pending).toBe(0);
  });

  it('acknowledges what was stored, leaves the rest with the prober, and ignores what it cannot read', async () => {
    host = new ProberHost({ entry: fixture('prober-that-babbles'), log, backoff: { minMs: 100, maxMs: 100 } });
    const stored: string[][] = [];
    let done = false;
    let attempts = 0;
    host.onStarted(({ runId }) => (done = runId === 'all acknowledged'));
    host.onOutcomes((outcomes) => {
      attempts++;
      if (attempts < 3) return Promise.reject(new Error('the database is away'));
      stored.push(outcomes.map(({ runId }) => runId));
      return Promise.resolve();
    });
    host.start();
    await until(() => done);
    expect(attempts).toBeGreaterThanOrEqual(3);
    expect(stored[0]).toEqual(['first', 'second']);
    expect(stored.flat()).not.toContain('of the future');
    expect(host.stats()).toMatchObject({ icmpEngine: 'none' });
    const { pid } = host;
    await host.stop();
    expect(isAlive(pid)).toBe(false);
    expect(host.status()).toBe('down');
  });

  it('does not take an outcome twice while it is being stored', async () => {
    host = new ProberHost({ entry: fixture('prober-that-babbles'), log, backoff: { minMs: 100, maxMs: 100 } });
    let calls = 0;
    let release = (): void => undefined;
    let done = false;
    host.onStarted(() => (done = true));
    host.onOutcomes(() => {
      calls++;
      return new Promise((resolve) => (release = resolve));
    });
    let beats = 0;
    host.onStatus(() => undefined);
    host.start();
    await until(() => calls > 0);
    const before = host.stats();
    await until(() => host.stats() !== before && ++beats > 5);
    expect(calls).toBe(1);
    release();
    await until(() => done);
  });

  it('stops when nothing was started, and twice', async () => {
    host = new ProberHost({ entry: fixture('prober-that-crashes'), log, backoff: { minMs: 1, maxMs: 1 } });
    await Promise.all([host.stop(), host.stop()]);
    host.start();
    expect(host.pid).toBeUndefined();
  });
});
