import { BlockList, isIPv4 } from 'node:net';
import { canonicalAddress, parseAddressPrefix } from '../net/address-prefix.js';
import type { OwnNetworks } from '../net/own-networks.js';

/** Below lie well-known services: media sent there is an attack, never a call (RFC 3551 section 8 asks for 1024 and above). */
const LEAST_PORT = 1024;

export interface AllowedTargets {
  /** the endpoint's own */
  allowedAddresses: readonly string[];
  /** where else its media may be, such as a media server's network: `10.1.2.0/24`, `2001:db8::/48` */
  allowedPrefixes?: readonly string[] | undefined;
}

/**
 * Where media may go: to the endpoint's own addresses and prefixes and nowhere else, whatever its SDP says. Fails closed: what
 * is no address (names are never resolved), reaches more than one host, or is this very machine is refused, whoever put it on
 * the list. Loopback is allowed to an endpoint that is called there: the lab.
 */
export class TargetRule {
  private readonly addresses: ReadonlySet<string>;
  private readonly prefixes = new BlockList();
  private readonly onLoopback: boolean;
  private last?: { address: string; target: string | undefined };

  constructor(
    { allowedAddresses, allowedPrefixes = [] }: AllowedTargets,
    private readonly own: OwnNetworks,
  ) {
    this.addresses = new Set(allowedAddresses.flatMap((address) => canonicalAddress(address) ?? []));
    this.onLoopback = [...this.addresses].some(isLoopback);
    for (const text of allowedPrefixes) {
      const prefix = parseAddressPrefix(text);
      if (prefix) this.prefixes.addSubnet(prefix.address, prefix.bits, familyOf(prefix.address));
    }
  }

  /** @returns the address to send to, in its canonical form; undefined: nothing may be sent there */
  targetOf(address: string, port: number): string | undefined {
    if (!Number.isInteger(port) || port < LEAST_PORT || port > 65_535) return undefined;
    // asked for every packet of a call, nearly always about the same address
    if (this.last?.address !== address) this.last = { address, target: this.judge(address) };
    return this.last.target;
  }

  private judge(text: string): string | undefined {
    const address = canonicalAddress(text);
    if (address === undefined || !isUnicast(address) || this.own.broadcasts.has(address)) return undefined;
    const ourselves = isLoopback(address) ? !this.onLoopback : this.own.addresses.has(address);
    if (ourselves) return undefined;
    return this.addresses.has(address) || this.isInPrefix(address) ? address : undefined;
  }

  /** Of the endpoint's own family: the sockets of a call have one. */
  private isInPrefix(address: string): boolean {
    const family = familyOf(address);
    return [...this.addresses].some((one) => familyOf(one) === family) && this.prefixes.check(address, family);
  }
}

const familyOf = (address: string): 'ipv4' | 'ipv6' => (isIPv4(address) ? 'ipv4' : 'ipv6');

const isLoopback = (address: string): boolean => address.startsWith('127.') || address === '::1';

/** Not "any" or "this network", multicast, class E or limited broadcast. @param address canonical */
function isUnicast(address: string): boolean {
  if (!isIPv4(address)) return address !== '::' && !address.startsWith('ff');
  const first = Number(address.split('.')[0]);
  return first > 0 && first < 224;
}
