import { lookup } from 'node:dns/promises';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import type { MaybePromise } from '../common/maybe-promise.js';
import { err, ok, type Result } from '../common/result.js';

export interface HostAddress {
  address: string;
  family: 4 | 6;
}

const pending = new Map<string, Promise<Result<HostAddress>>>();

/**
 * The address of a host name, within a bound. The system resolver cannot be cancelled and has four threads: simultaneous
 * questions for one name share one look-up, so that a dead name server holds one thread a name and not one a probe. Who is
 * named by an address has it at once.
 */
export function resolveHost(host: string, timeoutMs: number): MaybePromise<Result<HostAddress>> {
  if (isIPv4(host)) return ok({ address: host, family: 4 });
  return isIPv6(host) ? ok({ address: host, family: 6 }) : resolveName(host, timeoutMs);
}

async function resolveName(host: string, timeoutMs: number): Promise<Result<HostAddress>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Result<HostAddress>>((resolve) => {
    timer = setTimeout(() => resolve(err(`no answer from the name service within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([sharedLookup(host), late]);
  } finally {
    clearTimeout(timer);
  }
}

function sharedLookup(host: string): Promise<Result<HostAddress>> {
  const known = pending.get(host);
  if (known) return known;
  const question = askSystem(host).finally(() => pending.delete(host));
  pending.set(host, question);
  return question;
}

async function askSystem(host: string): Promise<Result<HostAddress>> {
  try {
    // IPv4 first: an address list in the system's order would send the test where the codec may not listen
    const addresses = await lookup(host, { all: true, order: 'ipv4first' });
    const first = addresses[0];
    return first ? ok({ address: first.address, family: first.family === 6 ? 6 : 4 }) : err('the name has no address');
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

const notOneHost = new BlockList();
notOneHost.addAddress('::', 'ipv6');
notOneHost.addSubnet('ff00::', 8, 'ipv6');
notOneHost.addSubnet('::ffff:0.0.0.0', 104, 'ipv6');
notOneHost.addSubnet('::ffff:224.0.0.0', 100, 'ipv6');
notOneHost.addAddress('::ffff:255.255.255.255', 'ipv6');

/** False for "any", multicast and broadcast addresses: nothing of ours may be sent to a crowd. */
export function isSingleHost({ address, family }: HostAddress): boolean {
  if (family === 6) return !notOneHost.check(address, 'ipv6');
  // by hand: BlockList makes an object of the system's for each question, 4 us with its collection
  const first = Number.parseInt(address, 10);
  return first > 0 && (first < 224 || first > 239) && address !== '255.255.255.255';
}
