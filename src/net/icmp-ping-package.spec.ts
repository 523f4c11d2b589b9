import { PingPackageEngine } from './icmp-ping-package.js';

const burst = { address: '127.0.0.1', count: 2, spacingMs: 20, timeoutMs: 1000, payloadBytes: 56 };

describe(PingPackageEngine.name, () => {
  it('should say what is missing when the program cannot be run', async () => {
    const engine = new PingPackageEngine(() => Promise.reject(new Error('Check the path or permissions...')));
    expect((await engine.burst(burst)).failure).toEqual({
      code: 'unavailable-here',
      message: 'Check the path or permissions...',
    });
  });

  it('should hand the burst to the program in its own units', async () => {
    const seen: unknown[] = [];
    const engine = new PingPackageEngine((address, config) => {
      seen.push(address, config);
      return Promise.reject(new Error('enough'));
    });
    await engine.burst({ ...burst, timeoutMs: 1500, source: '127.0.0.2' });
    expect(seen).toEqual([
      '127.0.0.1',
      { numeric: true, min_reply: 2, timeout: 2, packetSize: 56, sourceAddr: '127.0.0.2', extra: ['-i', '0.020'] },
    ]);
  });

  it('should answer at once when it is stopped, and leave no listener behind', async () => {
    const stop = new AbortController();
    const engine = new PingPackageEngine(() => new Promise(() => undefined));
    const facts = engine.burst({ ...burst, signal: stop.signal });
    stop.abort();
    expect((await facts).failure?.code).toBe('aborted');
    expect((await engine.burst({ ...burst, signal: stop.signal })).failure?.code).toBe('aborted');
  });
});
