import { networkInterfaces } from 'node:os';
import { PingPackageEngine } from '../../src/net/icmp-ping-package.js';
import { runProbe } from './probe-context.js';
import { describeWith } from './programs.js';

const hasIpv6 = Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === '::1'));

describeWith(['ping'], 'icmp through the ping program', () => {
  const icmp = new PingPackageEngine();

  it('should measure every request of a burst', async () => {
    const outcome = await runProbe('icmp', '127.0.0.1', { count: 3, spacingMs: 20 }, { icmp });
    expect(outcome).toMatchObject({
      result: 'pass',
      reason: 'ok',
      clock: 'user',
      measures: { sent: 3, received: 3, lossRatio: 0 },
      detail: { engine: 'ping-package', address: '127.0.0.1', ttl: expect.any(Number) as number },
    });
    expect(outcome.rttMs).toBeGreaterThan(0);
  });

  (hasIpv6 ? it : it.skip)('should speak IPv6 (where the machine has ::1)', async () => {
    expect(await runProbe('icmp', '::1', { count: 1 }, { icmp })).toMatchObject({ result: 'pass' });
  });

  it('should send from the source that was asked for', async () => {
    expect(await runProbe('icmp', '127.0.0.1', { count: 1, source: '127.0.0.7' }, { icmp })).toMatchObject({ result: 'pass' });
  });

  it('should say that there is no way from an address which is not ours', async () => {
    const outcome = await runProbe('icmp', '127.0.0.1', { count: 1, source: '198.51.100.7' }, { icmp });
    expect(outcome).toMatchObject({ result: 'fail', reason: 'no-route', measures: { sent: 0, received: 0 } });
  });
});
