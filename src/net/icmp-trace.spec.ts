import { ManualScheduler } from '../common/manual-scheduler.js';
import type { EchoExchange } from './icmp-echo-exchange.js';
import type { EchoAnswer, EchoSender, SingleEcho } from './icmp-echo-sender.js';
import { TraceBudget, traceHops } from './icmp-trace.js';

const MINUTE_MS = 60_000;

/** A line whose hops answer as told; the number of the attempt counts from 0. */
function line(answer: (ttl: number, attempt: number) => EchoAnswer) {
  const asked = new Map<number, number>();
  const once = ({ ttl = 0 }: SingleEcho): Promise<EchoAnswer> => {
    const attempt = asked.get(ttl) ?? 0;
    asked.set(ttl, attempt + 1);
    return Promise.resolve(answer(ttl, attempt));
  };
  const sender = { once } as unknown as EchoSender;
  const trace = () => traceHops({ address: '192.0.2.7' }, {} as EchoExchange, sender, new ManualScheduler());
  return { asked, trace };
}

const hop = (ttl: number): EchoAnswer => ({
  type: 'error',
  kind: 'ttl-exceeded',
  from: `10.0.${ttl}.1`,
  rttMs: ttl,
  clock: 'kernel',
});
const silence: EchoAnswer = { type: 'silence' };

describe(traceHops.name, () => {
  it('asks silent hops once more, and ends with the first hop nobody answers for', async () => {
    const { trace, asked } = line((ttl, attempt) => (ttl > 4 || ttl === 2 || (ttl === 3 && attempt === 0) ? silence : hop(ttl)));
    expect(await trace()).toEqual([
      { ttl: 1, address: '10.0.1.1', rttMs: 1 },
      { ttl: 2, address: null, rttMs: null },
      { ttl: 3, address: '10.0.3.1', rttMs: 3 },
      { ttl: 4, address: '10.0.4.1', rttMs: 4 },
      { ttl: 5, address: null, rttMs: null },
    ]);
    expect([asked.get(1), asked.get(2), asked.get(3), asked.get(20), asked.get(21)]).toEqual([1, 2, 2, 2, undefined]);
  });

  it('ends with the target when it answers after all, or with the router that knows no way on', async () => {
    const reached = line((ttl) => (ttl < 3 ? hop(ttl) : { type: 'reply', from: '192.0.2.7', rttMs: 9, clock: 'kernel' }));
    expect((await reached.trace()).map(({ address }) => address)).toEqual(['10.0.1.1', '10.0.2.1', '192.0.2.7']);
    const refused = line((ttl) =>
      ttl < 2 ? hop(ttl) : { type: 'error', kind: 'host', from: '10.0.2.1', rttMs: 2, clock: 'kernel' },
    );
    expect(await refused.trace()).toEqual([
      { ttl: 1, address: '10.0.1.1', rttMs: 1 },
      { ttl: 2, address: '10.0.2.1', rttMs: 2, unreachable: 'host' },
    ]);
  });

  it('asks nobody twice when nothing can be sent', async () => {
    const { trace, asked } = line(() => ({ type: 'not-sent', failure: 'no-route' }));
    expect(await trace()).toEqual([{ ttl: 1, address: null, rttMs: null }]);
    expect([...asked.values()]).toEqual(Array<number>(20).fill(1));
  });
});

describe(TraceBudget.name, () => {
  it('traces an endpoint that keeps failing every ten minutes', () => {
    const budget = new TraceBudget(0);
    const traced: number[] = [];
    for (let nowMs = 0; nowMs <= 25 * MINUTE_MS; nowMs += MINUTE_MS / 2) {
      if (!budget.begin('a', nowMs)) continue;
      traced.push(nowMs / MINUTE_MS);
      budget.ended();
    }
    expect(traced).toEqual([0, 10, 20]);
  });

  it('lets some speak for all when 148 fail at once, and comes to the others later', () => {
    const budget = new TraceBudget(0);
    const carrier = Array.from({ length: 148 }, (_, i) => `10.0.0.${i}`);
    expect(carrier.filter((address) => budget.begin(address, 0))).toHaveLength(4);
    expect(carrier.filter((address) => budget.begin(address, 60_000))).toEqual([]);
    for (let i = 0; i < 4; i++) budget.ended();
    const later = carrier.filter((address) => budget.begin(address, 60_000));
    expect(later).toHaveLength(4);
    expect(later).not.toContain(carrier[0]);
  });

  it('begins no more than one a second in the long run', () => {
    const budget = new TraceBudget(0);
    let begun = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 10) {
      if (!budget.begin(`a${nowMs}`, nowMs)) continue;
      begun += 1;
      budget.ended();
    }
    expect(begun).toBeLessThanOrEqual(64);
    expect(begun).toBeGreaterThanOrEqual(60);
  });
});
