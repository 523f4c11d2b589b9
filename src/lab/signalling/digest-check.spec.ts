import { SipHeaders } from '../../protocols/sip/headers.js';
import type { SipRequest } from '../../protocols/sip/message.js';
import { challenge, isAuthorized } from './digest-check.js';

// the worked example of RFC 2617 3.5
const credentials = { user: 'Mufasa', password: 'Circle Of Life', realm: 'testrealm@host.com' };
const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
const authorization =
  `Digest username="Mufasa", realm="testrealm@host.com", nonce="${nonce}", uri="/dir/index.html", qop=auth, nc=00000001, ` +
  'cnonce="0a4f113b", response="6629fae49393a05397450978507c4ef1", opaque="5ccc069c403ebaf9f0171e9517f40e41"';

const request = (header?: string): SipRequest => ({
  kind: 'request',
  method: 'GET',
  uri: '/dir/index.html',
  headers: SipHeaders.from(header === undefined ? [] : [['Authorization', header]]),
  body: '',
});

describe('isAuthorized', () => {
  const ours = (given: string): boolean => given === nonce;

  test('the example of the RFC proves the password', () => {
    expect(isAuthorized(request(authorization), credentials, ours)).toBe(true);
  });

  test.each([
    ['nothing given', undefined, credentials, ours],
    ['another password', authorization, { ...credentials, password: 'x' }, ours],
    ['another user', authorization, { ...credentials, user: 'Simba' }, ours],
    ['a nonce that is not ours', authorization, credentials, () => false],
    ['rubbish', 'Digest , ,=', credentials, ours],
  ] as const)('%s is refused', (_name, header, expected, isOurs) => {
    expect(isAuthorized(request(header), expected, isOurs)).toBe(false);
  });
});

test('the challenge names realm and nonce', () => {
  expect(challenge(credentials, 'n1')).toBe('Digest realm="testrealm@host.com", nonce="n1", algorithm=MD5, qop="auth"');
});
