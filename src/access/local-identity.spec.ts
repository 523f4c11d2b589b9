import { identify } from './local-identity.js';

const ask = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  identify({ remoteAddress, headers: { host: '127.0.0.1:8080', ...headers } });

describe(identify.name, () => {
  it.each([
    ['127.0.0.1', {}],
    ['::1', { host: '[::1]:8080' }],
    ['::ffff:127.0.0.1', { host: 'localhost:8080' }],
    ['127.0.0.1', { origin: 'http://127.0.0.1:8080' }],
  ])('takes %s %j for the person at this machine', (address, headers) => {
    expect(ask(address, headers as Record<string, string>)).toEqual({ role: 'admin' });
  });

  it.each([
    ['an address of the network', '10.1.2.3', {}],
    ['no address', undefined, {}],
    ['what a proxy forwards', '127.0.0.1', { 'x-forwarded-for': '10.1.2.3' }],
    ['a standard Forwarded header', '127.0.0.1', { forwarded: 'for=10.1.2.3' }],
    ['a foreign origin', '127.0.0.1', { origin: 'http://example.org' }],
    ['an opaque origin', '127.0.0.1', { origin: 'null' }],
    ['a rebound name', '127.0.0.1', { host: 'rebind.example.org:8080' }],
    ['a name that only looks like loopback', '127.0.0.1', { host: '127.0.0.1.example.org' }],
  ])('refuses %s', (_title, address, headers) => {
    expect(ask(address, headers as Record<string, string>)).toHaveProperty('refused');
  });
});
