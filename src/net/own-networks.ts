import { isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import { canonicalAddress } from './address-prefix.js';

/** What this machine itself is called on its networks, and what reaches everybody there. */
export interface OwnNetworks {
  addresses: ReadonlySet<string>;
  /** the last address of each IPv4 network (RFC 919) and the first, which old stacks take for the same (RFC 1122 3.3.6) */
  broadcasts: ReadonlySet<string>;
}

/** Asking takes 0.2 ms, and 148 calls may begin in one second. */
const REMEMBERED_MS = 30_000;
let remembered: { networks: OwnNetworks; atMs: number } | undefined;

export function ownNetworks(): OwnNetworks {
  const nowMs = performance.now();
  if (remembered && nowMs - remembered.atMs < REMEMBERED_MS) return remembered.networks;
  const cidrs = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses.flatMap(({ cidr }) => cidr ?? []));
  remembered = { networks: networksOf(cidrs), atMs: nowMs };
  return remembered.networks;
}

/** @param cidrs addresses of interfaces with their prefix length, `10.1.2.3/24` */
export function networksOf(cidrs: readonly string[]): OwnNetworks {
  const split = cidrs.map((cidr) => cidr.split('/') as [string, string]);
  return {
    addresses: new Set(split.flatMap(([address]) => canonicalAddress(address) ?? [])),
    broadcasts: new Set(split.flatMap(([address, bits]) => (isIPv4(address) ? broadcastsOf(address, Number(bits)) : []))),
  };
}

/** Networks of one or two addresses have none (RFC 3021). */
function broadcastsOf(address: string, bits: number): string[] {
  if (bits > 30) return [];
  const hostMask = 2 ** (32 - bits) - 1;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = number - (number % (hostMask + 1));
  return [first, first + hostMask].map((one) => [24, 16, 8, 0].map((shift) => Math.floor(one / 2 ** shift) % 256).join('.'));
}
