import type { Outcome } from '../probes/contract.js';
import { MemoryOutbox } from './outbox.js';

const outcome = (runId: string): Outcome => ({
  runId,
  endpointId: 'e',
  kind: 'tcp',
  vantage: 'v',
  target: '127.0.0.1',
  startedAt: '2026-11-23T00:00:00.000Z',
  durationMs: 1,
  result: 'pass',
  reason: 'ok',
  selfLagMs: 0,
});
const ids = (outcomes: Outcome[]): string[] => outcomes.map(({ runId }) => runId);
const outboxOf = (capacity: number, batch = 10, window = 10): MemoryOutbox =>
  new MemoryOutbox({ capacity, batch, window, reofferMs: 1_000 });

describe(MemoryOutbox.name, () => {
  it('offers in batches, each outcome once, until it is time to doubt the acknowledgement', () => {
    const outbox = outboxOf(10, 2);
    for (const runId of ['a', 'b', 'c']) outbox.add(outcome(runId), false);
    expect(ids(outbox.offer(0))).toEqual(['a', 'b']);
    expect(ids(outbox.offer(0))).toEqual(['c']);
    expect(outbox.offer(999)).toEqual([]);
    outbox.acknowledge(['a', 'c']);
    expect(ids(outbox.offer(1_000))).toEqual(['b']);
    outbox.acknowledge(['b', 'never seen']);
    expect(outbox.offer(9_999)).toEqual([]);
    expect(outbox.stats()).toEqual({ unacknowledged: 0, dropped: {} });
  });

  it('offers everything again over a new connection', () => {
    const outbox = outboxOf(10);
    outbox.add(outcome('a'), false);
    outbox.offer(0);
    outbox.offerAgain();
    expect(ids(outbox.offer(1))).toEqual(['a']);
  });

  it('does not flood a core that stores slowly', () => {
    const outbox = outboxOf(10, 2, 3);
    for (const runId of ['a', 'b', 'c', 'd', 'e']) outbox.add(outcome(runId), false);
    expect([...ids(outbox.offer(0)), ...ids(outbox.offer(0)), ...ids(outbox.offer(0))]).toEqual(['a', 'b', 'c']);
    outbox.acknowledge(['b']);
    expect(ids(outbox.offer(0))).toEqual(['d']);
  });

  it('offers first what somebody waits for', () => {
    const outbox = outboxOf(10);
    outbox.add(outcome('routine'), false);
    outbox.add(outcome('asked'), true);
    expect(ids(outbox.offer(0))).toEqual(['asked', 'routine']);
  });

  it('drops the oldest routine outcome when it is full, requested ones last, and counts both', () => {
    const outbox = outboxOf(2);
    outbox.add(outcome('asked-1'), true);
    outbox.add(outcome('old'), false);
    outbox.add(outcome('new'), false);
    expect(ids(outbox.offer(0))).toEqual(['asked-1', 'new']);
    outbox.add(outcome('asked-2'), true);
    outbox.add(outcome('asked-3'), true);
    outbox.offerAgain();
    expect(ids(outbox.offer(0))).toEqual(['asked-2', 'asked-3']);
    expect(outbox.stats()).toEqual({ unacknowledged: 2, dropped: { 'full-routine': 2, 'full-requested': 1 } });
  });
});
