import { isIP } from 'node:net';
import type { Role } from '../common/roles.js';

/**
 * Who is asking. Until sign-in exists there is one person: whoever sits at this machine, with every right; anybody else is
 * refused. What a proxy forwards is somebody else although it arrives from loopback, and so is a page of a foreign origin
 * that makes the browser of the person at the machine ask.
 */
export interface Asker {
  remoteAddress: string | undefined;
  headers: Record<string, string | string[] | undefined>;
}

export type Identity = { role: Role } | { refused: string };

const FORWARDING_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

export function identify(asker: Asker): Identity {
  if (!isLoopback(asker.remoteAddress)) {
    return { refused: 'only requests from this machine (loopback) are accepted until sign-in is available' };
  }
  const forwarded = FORWARDING_HEADERS.find((name) => asker.headers[name] !== undefined);
  if (forwarded) return { refused: `the request was forwarded by a proxy (${forwarded}); only direct requests are accepted` };
  const host = hostOf(asker.headers.host);
  // DNS rebinding: a foreign name that resolves to 127.0.0.1 reaches us with that name in Host
  if (!isLoopbackName(host)) return { refused: `Host must be localhost or a loopback address, found "${host ?? ''}"` };
  const origin = asker.headers.origin;
  if (origin !== undefined && !isLoopbackName(originHost(origin)))
    return { refused: 'requests from a foreign origin are refused' };
  return { role: 'admin' };
}

export function isLoopback(address: string | undefined): boolean {
  if (!address) return false;
  const plain = address.replace(/^::ffff:/i, '');
  return plain === '::1' || (isIP(plain) === 4 && plain.startsWith('127.'));
}

const isLoopbackName = (host: string | undefined): boolean => host === 'localhost' || isLoopback(host);

const hostOf = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' ? originHost(`http://${header}`) : undefined;

function originHost(origin: string | string[]): string | undefined {
  if (typeof origin !== 'string' || !URL.canParse(origin)) return undefined;
  return new URL(origin).hostname.replace(/^\[|\]$/g, '').toLowerCase();
}
