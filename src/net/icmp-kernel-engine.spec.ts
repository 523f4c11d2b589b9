import { KernelIcmpEngine } from './icmp-kernel-engine.js';

const opened = KernelIcmpEngine.open();
const here = opened.ok ? describe : describe.skip;

here(`${KernelIcmpEngine.name} (needs CAP_NET_RAW or ping_group_range)`, () => {
  const engine = opened.ok ? opened.value : (undefined as never);
  afterAll(() => engine.close());
  const burst = (address: string, part = {}) =>
    engine.burst({ address, count: 3, spacingMs: 5, timeoutMs: 500, payloadBytes: 56, ...part });

  it.each(['127.0.0.1', '127.77.1.9', '::1'])('measures %s', async (address) => {
    const facts = await burst(address);
    expect(facts).toMatchObject({ sent: 3, clock: 'kernel', duplicates: 0, lateReplies: 0, ttl: 64 });
    expect(facts.failure).toBeUndefined();
    for (const rttMs of facts.rttMs) expect(rttMs).toBeGreaterThan(0);
  });

  it('sends from the address that was asked for, and says when it is not ours', async () => {
    expect(await burst('127.0.0.1', { source: '127.5.5.5' })).toMatchObject({
      sent: 3,
      rttMs: [1, 2, 3].map(() => expect.any(Number) as number),
    });
    expect(await burst('127.0.0.1', { source: '192.0.2.99' })).toMatchObject({ sent: 0, failure: { code: 'no-route' } });
    // both sockets hear what comes to 127.5.5.5; only one of them asked
    expect(await burst('127.5.5.5')).toMatchObject({ duplicates: 0, lateReplies: 0 });
  });

  it('keeps 1,000 targets of one socket apart and loses none', async () => {
    const addresses = Array.from({ length: 1000 }, (_, i) => `127.78.${i >> 8}.${i & 255}`);
    const all = await Promise.all(addresses.map((address) => burst(address, { count: 1 })));
    expect(all.filter((facts) => facts.rttMs[0] === null)).toEqual([]);
  });

  it('is not fooled by a blocked event loop: the kernel stamped the reply', async () => {
    const pending = burst('127.0.0.1', { count: 1 });
    await new Promise((resolve) => setTimeout(resolve, 0));
    const blockedFromMs = performance.now();
    while (performance.now() < blockedFromMs + 80);
    const blockedMs = performance.now() - blockedFromMs;
    const [rttMs] = (await pending).rttMs;
    // the reply lay in the socket all that time: read by a user's clock it would carry the whole of it
    expect(rttMs).toBeLessThan(blockedMs);
  });

  it('says so when there is no route, and who is asked to stop stops', async () => {
    const abort = new AbortController();
    const pending = burst('127.0.0.1', { count: 100, spacingMs: 50, signal: abort.signal });
    abort.abort();
    expect((await pending).failure).toMatchObject({ code: 'aborted' });
  });
});

it('says what to do where the kernel does not allow it', () => {
  expect(opened.ok || opened.error).toEqual(opened.ok ? true : expect.stringMatching(/CAP_NET_RAW|ping_group_range|Linux/));
});
