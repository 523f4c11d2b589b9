import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { systemScheduler } from '../../common/clock.js';
import { ManualScheduler } from '../../common/manual-scheduler.js';
import { DEFAULT_OUTBOX_LIMITS, type OutboxLimits } from '../outbox.js';
import { outcomeOf } from './testing/outcomes.js';
import type { SpoolPort, SpoolReply, SpoolRequest } from './spool-messages.js';
import { SpoolOutbox } from './spool-outbox.js';
import { SpoolService } from './spool-service.js';

const log = pino({ level: 'silent' });
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A spool in this thread, on a disk that can be made to fail or to hang. */
class Disk implements SpoolPort {
  fails = false;
  hangs: Promise<void> = Promise.resolve();
  private readonly service: SpoolService;

  constructor(directory: string) {
    this.service = new SpoolService(directory);
  }

  async request(request: SpoolRequest): Promise<SpoolReply> {
    await this.hangs;
    if (this.fails && request.op === 'commit') throw new Error('no disk');
    return this.service.handle(request);
  }

  async close(): Promise<void> {
    await this.service.handle({ op: 'close' });
  }
}

describe(SpoolOutbox.name, () => {
  let directory: string;
  let opened: SpoolOutbox[];
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'spool-'));
    opened = [];
  });
  afterEach(async () => {
    for (const outbox of opened) await outbox.close();
    rmSync(directory, { recursive: true, force: true });
  });

  const open = (options: { limits?: Partial<OutboxLimits>; disk?: Disk; scheduler?: ManualScheduler } = {}) => {
    const { disk = new Disk(directory), scheduler = systemScheduler } = options;
    const limits = { ...DEFAULT_OUTBOX_LIMITS, ...options.limits };
    const outbox = new SpoolOutbox({ port: disk, directory, scheduler, log, limits });
    opened.push(outbox);
    return outbox;
  };
  const end = async (outbox: SpoolOutbox): Promise<void> => {
    opened.splice(opened.indexOf(outbox), 1);
    await outbox.close();
  };
  /** Everything that is offered within some turns of the loop. */
  const offered = async (outbox: SpoolOutbox, atLeast: number, nowMs = 0): Promise<string[]> => {
    const runIds: string[] = [];
    for (let turns = 0; turns < 300 && runIds.length < atLeast; turns++) {
      runIds.push(...outbox.offer(nowMs).map(({ runId }) => runId));
      await turn();
    }
    return runIds;
  };
  const put = async (outbox: SpoolOutbox, runIds: string[], requested = false): Promise<void> => {
    for (const runId of runIds) outbox.add(outcomeOf(runId), requested);
    for (let turns = 0; turns < 20; turns++) await turn();
  };
  const names = (count: number, prefix = 'run'): string[] => Array.from({ length: count }, (_, i) => `${prefix}-${i}`);

  it('offers what is on disk, each once, until it is acknowledged, and forgets it then', async () => {
    const outbox = open();
    let told = 0;
    outbox.onOfferable(() => told++);
    await put(outbox, ['a', 'b']);
    expect(told).toBeGreaterThan(0);
    expect(await offered(outbox, 2)).toEqual(['a', 'b']);
    expect(outbox.offer(4_999)).toEqual([]);
    expect(outbox.offer(5_000)).toHaveLength(2);
    outbox.acknowledge(['a', 'b']);
    expect(outbox.stats()).toEqual({ unacknowledged: 0, dropped: {} });
    await end(outbox);
    expect(await offered(open(), 1)).toEqual([]);
  });

  it('keeps every outcome, whole, for the next process, and offers first what somebody waits for', async () => {
    const first = open();
    await put(first, names(700));
    await put(first, ['asked'], true);
    first.acknowledge(['run-0', 'run-1']);
    await end(first);
    const second = open();
    const [asked, next] = await offered(second, 699);
    expect([asked, next]).toEqual(['asked', 'run-2']);
    expect(second.stats().unacknowledged).toBe(699);
    second.offerAgain();
    expect(second.offer(0)[1]).toMatchObject({ ...outcomeOf('run-2'), startedAt: expect.any(String) as string });
  });

  it('reads no more than the window holds, and goes on when it is acknowledged', async () => {
    const before = open();
    await put(before, names(60));
    await end(before);
    const outbox = open({ limits: { window: 20, batch: 10 } });
    const first = await offered(outbox, 60);
    expect(first).toEqual(names(20));
    outbox.acknowledge(first);
    expect(await offered(outbox, 20)).toEqual(names(60).slice(20, 40));
  });

  it('shows new outcomes once although nothing is acknowledged, and offers them again in their turn', async () => {
    const outbox = open({ limits: { window: 10 } });
    await put(outbox, names(10));
    await offered(outbox, 10);
    await put(outbox, ['new']);
    expect(await offered(outbox, 1)).toEqual(['new']);
    outbox.acknowledge(['new', ...names(10)]);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await offered(outbox, 1)).toEqual(['new']);
  });

  it('finds what another process adds beside it, also behind what it has read', async () => {
    const [ours, theirs] = [open(), open()];
    await put(ours, ['ours-1']);
    await put(theirs, ['theirs']);
    await put(ours, ['ours-2']);
    const all = await offered(ours, 3);
    expect(all.sort()).toEqual(['ours-1', 'ours-2', 'theirs']);
  });

  it('drops the oldest routine outcomes when it is full, then requested ones, but none on its way; counts both', async () => {
    const outbox = open({ limits: { window: 4 } });
    outbox.resize(6);
    await put(outbox, ['on-its-way-1', 'on-its-way-2', 'asked-1', 'asked-2'], true);
    await put(outbox, ['old-1', 'old-2']);
    await put(outbox, ['new']);
    await put(outbox, ['asked-3', 'asked-4', 'asked-5'], true);
    expect(outbox.stats()).toEqual({ unacknowledged: 6, dropped: { 'full-routine': 3, 'full-requested': 1 } });
    await end(outbox);
    expect(await offered(open(), 7)).toEqual(['on-its-way-1', 'on-its-way-2', 'asked-1', 'asked-2', 'asked-4', 'asked-5']);
  });

  it('offers from memory without a disk, counts what that cannot hold, and writes the rest down when the disk is back', async () => {
    const [disk, scheduler] = [new Disk(directory), new ManualScheduler()];
    const outbox = open({ disk, scheduler, limits: { capacity: 50 } });
    disk.fails = true;
    await put(outbox, names(55).slice(0, 50));
    await put(outbox, names(55).slice(50));
    expect(outbox.stats()).toEqual({ unacknowledged: 50, dropped: { disk: 5 } });
    expect(await offered(outbox, 50)).toEqual(names(55).slice(5));
    disk.fails = false;
    scheduler.advance(1_000);
    await put(outbox, ['later']);
    expect(outbox.stats().unacknowledged).toBe(51);
    await end(outbox);
    expect(new Set(await offered(open(), 51))).toEqual(new Set([...names(55).slice(5), 'later']));
  });

  it('does not wait for a disk that hangs, and takes back what is on it after all', async () => {
    const [disk, scheduler] = [new Disk(directory), new ManualScheduler()];
    const outbox = open({ disk, scheduler });
    await turn();
    let goOn = (): void => undefined;
    disk.hangs = new Promise((resolve) => (goOn = resolve));
    await put(outbox, ['a']);
    expect(outbox.offer(0)).toEqual([]);
    scheduler.advance(2_000);
    await put(outbox, ['b']);
    expect(outbox.offer(0).map(({ runId }) => runId)).toEqual(['a', 'b']);
    goOn();
    await put(outbox, ['c']);
    expect(outbox.stats()).toEqual({ unacknowledged: 3, dropped: {} });
    await end(outbox);
    expect((await offered(open(), 3)).sort()).toEqual(['a', 'b', 'c']);
  });

  it.each([
    ['not a spool', (path: string) => writeFileSync(path, 'x'.repeat(9_000))],
    ['cut short', (path: string) => truncateSync(path, 8_192)],
  ])('sets a damaged file aside (%s), says so, and begins a new one', async (_name, damage) => {
    const before = open();
    await put(before, names(300));
    await end(before);
    damage(join(directory, 'data.mdb'));
    const outbox = open();
    await put(outbox, ['new']);
    expect(await offered(outbox, 1)).toEqual(['new']);
    expect(outbox.stats()).toEqual({ unacknowledged: 1, dropped: { unreadable: 1 } });
    expect(existsSync(join(directory, 'data.mdb.damaged'))).toBe(true);
  });

  it('sets a file aside that several processes did not live to open', async () => {
    const before = open();
    await put(before, ['a']);
    await end(before);
    expect(readdirSync(directory)).not.toContain('opening');
    appendFileSync(join(directory, 'opening'), '....');
    const fourDied = open();
    expect(await offered(fourDied, 1)).toEqual(['a']);
    await end(fourDied);
    expect(readFileSync(join(directory, 'data.mdb')).length).toBeGreaterThan(0);
    appendFileSync(join(directory, 'opening'), '.....');
    expect(await offered(open(), 1)).toEqual([]);
  });

  it('drops and counts an outcome that nobody can read', async () => {
    const disk = new Disk(directory);
    const limits = { outcomes: 10, bytes: 1e9 };
    const nothing = { requested: [], routine: [] };
    const add = ['{"runId":', '{}'].map((text) => ({ lane: 'routine' as const, text }));
    await disk.request({ op: 'commit', add, remove: nothing, limits, after: { requested: 0, routine: 0 } });
    const outbox = open({ disk });
    await put(outbox, ['a']);
    expect(await offered(outbox, 1)).toEqual(['a']);
    expect(outbox.stats()).toEqual({ unacknowledged: 1, dropped: { unreadable: 2 } });
  });
});
