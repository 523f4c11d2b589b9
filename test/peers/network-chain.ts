import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { programPath } from './programs.js';

/** A machine of its own: a network namespace, kept alive by a process that sleeps. */
export interface Machine {
  readonly name: string;
  /** runs shell commands inside */
  sh(script: string): string;
  /** the words that start a program inside */
  readonly enter: readonly string[];
}

const PROGRAMS = ['ip', 'nsenter', 'unshare', 'ping'];

/** What is missing to build networks, in the words of a skipped title. */
export function missingForNetworks(): string[] {
  const missing = PROGRAMS.filter((program) => !programPath(program));
  if (missing.length > 0 || process.platform !== 'linux') return missing;
  try {
    execFileSync('unshare', ['-n', 'ip', 'link', 'set', 'lo', 'up'], { stdio: 'ignore' });
    return [];
  } catch {
    return ['the right to make network namespaces: root'];
  }
}

/**
 * Machines in a row, each joined to the next by a wire (veth): the first measures, the last is measured, those between forward.
 *
 *     m0 -- m1 -- m2 -- ...      wire k (from 1): 10.9.k.1 / fd09:k::1 on the left, .2 / ::2 on the right
 */
export class NetworkChain {
  private readonly keepers: ChildProcess[] = [];
  readonly machines: Machine[] = [];

  static async build(length: number): Promise<NetworkChain> {
    const chain = new NetworkChain();
    for (let i = 0; i < length; i++) await chain.addMachine(`m${i}`);
    for (let wire = 1; wire < length; wire++) chain.join(wire);
    chain.machines.forEach((machine, i) => chain.route(machine, i));
    chain.acquaint();
    return chain;
  }

  get first(): Machine {
    return this.machines[0] as Machine;
  }

  /** The router or target that is so many hops away. */
  hop(count: number): Machine {
    return this.machines[count] as Machine;
  }

  /** The nearer address of the machine that is so many hops away. */
  address(count: number, family: 4 | 6 = 4): string {
    return family === 4 ? `10.9.${count}.2` : `fd09:${count}::2`;
  }

  close(): void {
    for (const keeper of this.keepers) keeper.kill('SIGKILL');
  }

  private async addMachine(name: string): Promise<void> {
    const keeper = spawn('unshare', ['-n', 'sh', '-c', 'echo ready; exec sleep 600'], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.keepers.push(keeper);
    await once(keeper.stdout, 'data');
    const enter = ['nsenter', `--net=/proc/${keeper.pid}/ns/net`] as const;
    const sh = (script: string): string =>
      execFileSync('nsenter', [enter[1], 'sh', '-ec', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    this.machines.push({ name, enter, sh });
    sh(`ip link set lo up
      echo 1 > /proc/sys/net/ipv4/ip_forward
      echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
      echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad`);
  }

  /** The first packets through a new network of IPv6 get lost: neighbours still look for each other. */
  private acquaint(): void {
    const last = this.machines.length - 1;
    for (const family of [4, 6] as const) {
      this.first.sh(`for i in 1 2 3 4 5; do ping -n -c 1 -W 1 ${this.address(last, family)} && exit 0; done >/dev/null; exit 1`);
    }
  }

  private join(wire: number): void {
    const right = this.keepers[wire]?.pid;
    this.machines[wire - 1]?.sh(`ip link add right type veth peer name left netns ${right}`);
    const ends = [
      [this.machines[wire - 1], 'right', 1],
      [this.machines[wire], 'left', 2],
    ] as const;
    for (const [machine, device, host] of ends) {
      machine?.sh(`ip addr add 10.9.${wire}.${host}/24 dev ${device}
        ip addr add fd09:${wire}::${host}/64 dev ${device} nodad
        ip link set ${device} up`);
    }
  }

  /** Everything that is not next door lies to the right; what lies on the left is named one by one. */
  private route(machine: Machine, position: number): void {
    const last = this.machines.length - 1;
    if (position < last)
      machine.sh(`ip route add default via 10.9.${position + 1}.2; ip -6 route add default via fd09:${position + 1}::2`);
    for (let wire = 1; wire < position; wire++) {
      machine.sh(
        `ip route add 10.9.${wire}.0/24 via 10.9.${position}.1; ip -6 route add fd09:${wire}::/64 via fd09:${position}::1`,
      );
    }
  }
}
