import { isIPv4, isIPv6 } from 'node:net';

/** Below lie well-known services: media sent there is an attack, never a call (RFC 3551 section 8 asks for 1024 and above). */
const LEAST_PORT = 1024;

/**
 * Where media may go: to the endpoint's own addresses and nowhere else, whatever its SDP says. Fails closed: an address that
 * is not on the list, or that nobody can own, is refused. Loopback is allowed only because an endpoint on the list has it.
 */
export function mayReceiveMedia(address: string, port: number, allowed: readonly string[]): boolean {
  if (!Number.isInteger(port) || port < LEAST_PORT || port > 65_535) return false;
  return allowed.includes(address) && isUnicast(address);
}

function isUnicast(address: string): boolean {
  if (isIPv4(address)) {
    const first = Number(address.split('.')[0]);
    return first > 0 && first < 224 && address !== '255.255.255.255';
  }
  return isIPv6(address) && address !== '::' && !/^ff/i.test(address);
}
