import { isIP, SocketAddress } from 'node:net';

export interface AddressPrefix {
  address: string;
  bits: number;
  family: 4 | 6;
}

/** Wider ones would allow whole continents, which nobody means. */
const FEWEST_BITS = { 4: 8, 6: 32 } as const;
const MOST_BITS = { 4: 32, 6: 128 } as const;
const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** `10.1.2.0/24`, `2001:db8::/48`; undefined for anything else and for what is wider than /8 or, of IPv6, /32. */
export function parseAddressPrefix(text: string): AddressPrefix | undefined {
  const [address = '', digits = '', ...rest] = text.split('/');
  const family = isIP(address);
  if ((family !== 4 && family !== 6) || rest.length > 0 || !/^\d{1,3}$/.test(digits)) return undefined;
  const bits = Number(digits);
  return bits >= FEWEST_BITS[family] && bits <= MOST_BITS[family] ? { address, bits, family } : undefined;
}

/** The one way to write an address; an IPv4 address mapped into IPv6 (RFC 4291 2.5.5.2) is that IPv4 address. */
export function canonicalAddress(text: string): string | undefined {
  const family = isIP(text);
  if (family === 4) return text;
  // a zone names an interface of this machine: nothing that a peer could mean
  if (family !== 6 || text.includes('%')) return undefined;
  const { address } = new SocketAddress({ address: text, family: 'ipv6' });
  return MAPPED_IPV4.exec(address)?.[1] ?? address;
}
