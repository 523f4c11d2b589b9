import fc from 'fast-check';
import { PacedQueue, TokenBucket } from './icmp-pacing.js';

const pace = { packetsPerSecond: 2_000, packetsPerSecondPerArea: 500 };

/** Takes all that may go, once a millisecond. */
function run(queue: PacedQueue<string>, ms: number, fromMs = 0): { atMs: number; value: string }[] {
  const taken: { atMs: number; value: string }[] = [];
  for (let atMs = fromMs; atMs <= fromMs + ms; atMs++) {
    for (let value = queue.take(atMs); value !== undefined; value = queue.take(atMs)) taken.push({ atMs, value });
  }
  return taken;
}

function fill(queue: PacedQueue<string>, area: string | undefined, count: number): void {
  for (let i = 0; i < count; i++) queue.push(`${area ?? ''}`, 0, area, 0);
}

describe(PacedQueue.name, () => {
  it('keeps the limit of all and of each area, whatever waits, and leaves nobody behind', () => {
    const areas = fc.array(fc.nat(3_000), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        areas,
        fc.integer({ min: 100, max: 4_000 }),
        fc.integer({ min: 50, max: 2_000 }),
        (counts, most, mostPerArea) => {
          const queue = new PacedQueue<string>({ packetsPerSecond: most, packetsPerSecondPerArea: mostPerArea }, 0);
          counts.forEach((count, i) => fill(queue, `a${i}`, count));
          const taken = run(queue, 1_000);
          // what may go at once at the very start, on top of the rate
          const burst = (rate: number): number => Math.max(1, rate / 500);
          expect(taken.length).toBeLessThanOrEqual(most + burst(most));
          const perArea = counts.map((_, i) => taken.filter(({ value }) => value === `a${i}`).length);
          for (const sent of perArea) expect(sent).toBeLessThanOrEqual(mostPerArea + burst(mostPerArea));
          // nobody who has something to send gets less than an even share
          const share = Math.min(mostPerArea, most / counts.length) * 0.45 - 1;
          perArea.forEach((sent, i) => expect(sent).toBeGreaterThanOrEqual(Math.min(counts[i] as number, share)));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('lets nobody wait behind an area that has used up its share', () => {
    const queue = new PacedQueue<string>(pace, 0);
    fill(queue, 'flood', 10_000);
    fill(queue, 'other', 20);
    fill(queue, undefined, 20);
    const first50Ms = run(queue, 50);
    expect(first50Ms.filter(({ value }) => value === 'other').length).toBe(20);
    expect(first50Ms.filter(({ value }) => value === '').length).toBe(20);
    expect(first50Ms.filter(({ value }) => value === 'flood').length).toBeLessThanOrEqual(26);
  });

  it('sends nothing before its time, and names the moment when asking is worth it', () => {
    const queue = new PacedQueue<string>(pace, 0);
    queue.push('late', 100, 'a', 0);
    expect(queue.take(99.9)).toBeUndefined();
    expect(queue.nextMs()).toBe(100);
    expect(queue.take(100)).toBe('late');
    expect(queue.nextMs()).toBeUndefined();
    queue.push('x', 100, 'a', 100);
    // 500 a second: one more in 2 ms
    expect(queue.take(101)).toBeUndefined();
    expect(queue.nextMs()).toBeCloseTo(102);
    expect(queue.take(102)).toBe('x');
  });

  it('makes up nothing after a pause, and gives no new share to an area that comes and goes', () => {
    const queue = new PacedQueue<string>(pace, 0);
    fill(queue, 'a', 1_000);
    run(queue, 10);
    expect(run(queue, 0, 5_000).length).toBeLessThanOrEqual(1);
    const quick = new PacedQueue<string>(pace, 0);
    let sent = 0;
    for (let atMs = 0; atMs < 100; atMs += 0.1) {
      quick.push('one', atMs, 'a', atMs);
      quick.push('two', atMs, `b${atMs}`, atMs);
      if (quick.take(atMs) === 'one') sent += 1;
    }
    expect(sent).toBeLessThanOrEqual(52);
  });

  it('follows a new pace', () => {
    const queue = new PacedQueue<string>(pace, 0);
    fill(queue, 'a', 10_000);
    run(queue, 100);
    queue.setPace({ packetsPerSecond: 100, packetsPerSecondPerArea: 100 });
    expect(run(queue, 1_000, 101).length).toBeLessThanOrEqual(102);
  });
});

it('a bucket does not give for a clock that goes back', () => {
  const bucket = new TokenBucket(1_000, 1, 1_000);
  bucket.take();
  expect(bucket.has(500)).toBe(false);
  expect(bucket.has(1_000.5)).toBe(false);
  expect(bucket.has(1_001)).toBe(true);
});
