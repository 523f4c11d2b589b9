import { isIP, isIPv6 } from 'node:net';
import { isCallKind, type Outcome } from '../probes/contract.js';
import { parseHostTarget } from '../probes/target.js';
import type { PlanItem } from './messages.js';

const REMEMBERED_NAMES = 20_000;

/**
 * Which addresses a run keeps engaged: several endpoints may share a gateway, and one machine may be named by address, by host
 * name and in several spellings. Beside the host of the target it knows the endpoint's address of the inventory, and what a host
 * name stood for when it was last probed. Behind an outbound proxy the host of a target is but a domain that many share: there the
 * whole target counts.
 */
export class AddressBook {
  private readonly addressOf = new Map<string, string>();

  engagedBy({ kind, target, address, options }: Pick<PlanItem, 'kind' | 'target' | 'address' | 'options'>): string[] {
    if (!isCallKind(kind)) return [];
    const host = isProxied(options) ? target.toLowerCase() : hostOf(target);
    const known = [host, this.addressOf.get(host), address === undefined ? undefined : canonical(address)];
    return [...new Set(known.filter((name) => name !== undefined))];
  }

  /** A probe that looked a name up says in its outcome what it found. */
  learn({ target, options }: Pick<PlanItem, 'target' | 'options'>, { detail }: Pick<Outcome, 'detail'>): void {
    const found = isProxied(options) ? undefined : detail?.address;
    const host = hostOf(target);
    if (typeof found !== 'string' || isIP(found) === 0 || isIP(host) !== 0) return;
    this.addressOf.delete(host);
    this.addressOf.set(host, canonical(found));
    const [oldest] = this.addressOf.keys();
    if (this.addressOf.size > REMEMBERED_NAMES && oldest !== undefined) this.addressOf.delete(oldest);
  }
}

const isProxied = (options: PlanItem['options']): boolean => options.outboundProxy !== undefined;

/** A target that cannot be read stands for itself. */
function hostOf(target: string): string {
  const parsed = parseHostTarget(target);
  return canonical(parsed.ok ? parsed.value.host : target);
}

/** One spelling for one host: lower case, no final dot, IPv6 as RFC 5952 writes it, an IPv4-mapped address as IPv4. */
function canonical(host: string): string {
  const name = host.toLowerCase().replace(/\.$/, '');
  if (!isIPv6(name) || name.includes('%')) return name;
  const address = new URL(`http://[${name}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  return mapped ? [mapped[1], mapped[2]].map((part) => dotted(parseInt(part as string, 16))).join('.') : address;
}

const dotted = (word: number): string => `${word >> 8}.${word & 0xff}`;
