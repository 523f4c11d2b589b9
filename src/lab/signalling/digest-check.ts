import { createHash } from 'node:crypto';
import type { SipRequest } from '../../protocols/sip/message.js';
import type { Credentials } from '../faults/behaviour.js';

const PARAMETER = /([A-Za-z-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g;

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

function parametersOf(header: string): Map<string, string> {
  const found = header.matchAll(PARAMETER);
  return new Map(Array.from(found, ([, name = '', quoted, bare]) => [name.toLowerCase(), quoted ?? bare ?? '']));
}

/** What a 401 asks for (RFC 3261 22.4, RFC 2617 3.2.1): MD5, which every codec speaks. */
export const challenge = (credentials: Credentials, nonce: string): string =>
  `Digest realm="${credentials.realm}", nonce="${nonce}", algorithm=MD5, qop="auth"`;

/** True when the request proves to know the password for a nonce of ours (RFC 2617 3.2.2.1), with or without qop. */
export function isAuthorized(request: SipRequest, credentials: Credentials, isOurNonce: (nonce: string) => boolean): boolean {
  return request.headers.getAll('Authorization').some((header) => {
    const given = parametersOf(header);
    const text = (name: string): string => given.get(name) ?? '';
    if (text('username') !== credentials.user || text('realm') !== credentials.realm || !isOurNonce(text('nonce'))) return false;
    const ha1 = md5(`${credentials.user}:${credentials.realm}:${credentials.password}`);
    const ha2 = md5(`${request.method}:${text('uri')}`);
    const counted = given.has('qop') ? `${text('nc')}:${text('cnonce')}:${text('qop')}:` : '';
    return text('response') === md5(`${ha1}:${text('nonce')}:${counted}${ha2}`);
  });
}
