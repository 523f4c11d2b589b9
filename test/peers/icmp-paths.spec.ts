import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { IcmpBurst, IcmpFacts } from '../../src/net/icmp-engine.js';
import type { Outcome } from '../../src/probes/contract.js';
import { type Machine, missingForNetworks, NetworkChain } from './network-chain.js';
import { missingBuild } from './probe-command.js';
import { describeWith } from './programs.js';

const PROBE = fileURLToPath(new URL('../../dist/cli/probe.js', import.meta.url));
const ENGINE = fileURLToPath(new URL('../../dist/net/icmp-kernel-engine.js', import.meta.url));

/** both kinds of socket: which one is opened is a matter of what the machine allows */
const SOCKETS = {
  'kernel-raw-socket': { groups: '1 0', prefix: [] },
  // as somebody without CAP_NET_RAW
  'kernel-ping-socket': { groups: '0 2147483647', prefix: ['setpriv', '--bounding-set=-net_raw', '--inh-caps=-net_raw'] },
} as const;
type SocketName = keyof typeof SOCKETS;

const FAMILIES = [4, 6] as const;
const EVERY = (Object.keys(SOCKETS) as SocketName[]).flatMap((socket) => FAMILIES.map((family) => [socket, family] as const));
const QUICK = ['--timeout', '0.5'];

function runIn(machine: Machine, socket: SocketName, args: string[]): Promise<string> {
  const { groups, prefix } = SOCKETS[socket];
  machine.sh(`echo "${groups}" > /proc/sys/net/ipv4/ping_group_range`);
  const [program, ...words] = [...machine.enter, ...prefix, process.execPath, ...args] as [string, ...string[]];
  return new Promise((resolve) => execFile(program, words, { encoding: 'utf8' }, (_error, stdout) => resolve(stdout)));
}

async function probe(machine: Machine, socket: SocketName, target: string, ...more: string[]): Promise<Outcome> {
  const outcome = JSON.parse(await runIn(machine, socket, [PROBE, 'icmp', target, '--json', ...QUICK, ...more])) as Outcome;
  expect(outcome.detail?.engine).toBe(socket);
  return outcome;
}

/** Bursts side by side over one engine. */
async function bursts(machine: Machine, socket: SocketName, requests: Partial<IcmpBurst>[]): Promise<IcmpFacts[]> {
  const script = `
    import { KernelIcmpEngine } from ${JSON.stringify(ENGINE)};
    const { value: engine } = KernelIcmpEngine.open();
    const requests = ${JSON.stringify(requests)};
    const standard = { count: 3, spacingMs: 50, timeoutMs: 1000, payloadBytes: 56 };
    const facts = await Promise.all(requests.map((request) => engine.burst({ ...standard, ...request })));
    console.log(JSON.stringify(facts));
    engine.close();`;
  return JSON.parse(await runIn(machine, socket, ['--input-type=module', '-e', script])) as IcmpFacts[];
}

const missing = [...missingForNetworks(), ...[missingBuild()].filter((what) => what !== undefined)];

describeWith(
  ['setpriv'],
  'icmp across routers',
  () => {
    let chain: NetworkChain;
    /** three routers, and the target behind them */
    beforeEach(async () => void (chain = await NetworkChain.build(5)));
    afterEach(() => chain.close());

    it.each(EVERY)('%s, IPv%i: should find the link that carries less, and who said so', async (socket, family) => {
      chain.hop(1).sh('ip link set right mtu 1400');
      chain.hop(2).sh('ip link set left mtu 1400');
      const outcome = await probe(chain.first, socket, chain.address(4, family), '--path-mtu');
      expect(outcome).toMatchObject({
        result: 'pass',
        clock: 'kernel',
        detail: { pathMtuBytes: 1400, pathMtuLimitedBy: chain.address(1, family), ttl: 61, note: expect.any(String) as string },
      });
    });

    it.each(EVERY)('%s, IPv%i: should find it also where large packets just vanish', async (socket, family) => {
      // only the receiving end is small: it throws away what is too long without a word. It leaves room for a VLAN tag (4 bytes)
      chain.hop(3).sh('ip link set left mtu 1380');
      const { detail } = await probe(chain.first, socket, chain.address(4, family), '--path-mtu');
      expect(detail).toMatchObject({ pathMtuBytes: 1384 });
      expect(detail).not.toHaveProperty('pathMtuLimitedBy');
    });

    it('should have nothing to say where a full packet passes, and know its own interface', async () => {
      const full = await probe(chain.first, 'kernel-raw-socket', chain.address(4), '--path-mtu');
      expect(full.detail).toMatchObject({ pathMtuBytes: 1500 });
      expect(full.detail).not.toHaveProperty('note');
      chain.first.sh('ip link set right mtu 1450');
      const own = await probe(chain.first, 'kernel-raw-socket', chain.address(4), '--path-mtu');
      expect(own.detail).toMatchObject({ pathMtuBytes: 1450, pathMtuLimitedBy: 'own interface' });
    });

    it.each(EVERY)('%s, IPv%i: should name the last router that answers when the last link is cut', async (socket, family) => {
      chain.hop(4).sh('ip link set left down');
      const outcome = await probe(chain.first, socket, chain.address(4, family));
      expect(outcome).toMatchObject({
        result: 'fail',
        clock: 'kernel',
        detail: { lastHop: chain.address(3, family) },
        evidence: { trace: [1, 2, 3, 4].map((ttl) => ({ ttl, address: ttl < 4 ? chain.address(ttl, family) : null })) },
      });
    });

    it.each(EVERY)('%s, IPv%i: should name nobody when the first link is cut', async (socket, family) => {
      chain.hop(1).sh('ip link set left down');
      const outcome = await probe(chain.first, socket, chain.address(4, family));
      expect(outcome).toMatchObject({ result: 'fail', detail: { lastHop: null } });
    });

    it.each(EVERY)('%s, IPv%i: should say who calls it unreachable, and hold it against nobody else', async (socket, family) => {
      const ip = family === 4 ? 'ip' : 'ip -6';
      const gone = family === 4 ? '10.77.0.1' : 'fd77::1';
      chain.hop(2).sh(`${ip} route add prohibit ${gone}`);
      const requests = Array.from({ length: 20 }, (_, i) => ({ address: i % 2 ? chain.address(4, family) : gone }));
      const facts = await bursts(chain.first, socket, requests);
      // a router says it once or a few times and is silent for the rest of the second (icmp_ratelimit)
      const blamed = facts.filter(({ unreachable }) => unreachable);
      expect(blamed.length).toBeGreaterThan(0);
      for (const { unreachable } of blamed) expect(unreachable).toEqual({ type: 'admin', from: chain.address(2, family) });
      facts.forEach(({ rttMs, failure, unreachable }, i) => {
        expect({ failure, answered: rttMs.filter((ms) => ms !== null).length }).toEqual({ answered: i % 2 ? 3 : 0 });
        if (i % 2) expect(unreachable).toBeUndefined();
      });
    });
  },
  missing,
);
