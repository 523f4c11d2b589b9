import { mayReceiveMedia } from './target-rule.js';

describe(mayReceiveMedia.name, () => {
  it.each([
    ['10.1.2.3', 16_000],
    ['127.20.0.10', 1024],
    ['2001:db8::7', 65_535],
  ])('lets %s:%i through when it is the endpoint', (address, port) => {
    expect(mayReceiveMedia(address, port, ['192.0.2.1', address])).toBe(true);
  });

  it.each([
    ['an address that is not the endpoint', '10.1.2.4', 16_000],
    ['port 0', '10.1.2.3', 0],
    ['a port of a service', '10.1.2.3', 1023],
    ['no port number', '10.1.2.3', NaN],
    ['beyond the last port', '10.1.2.3', 65_536],
  ])('refuses %s', (_title, address, port) => {
    expect(mayReceiveMedia(address, port, ['10.1.2.3'])).toBe(false);
  });

  it.each(['0.0.0.0', '224.0.0.1', '239.255.0.1', '255.255.255.255', '240.0.0.1', '::', 'ff02::1', 'example.org', ''])(
    'refuses %s even when somebody put it on the list',
    (address) => {
      expect(mayReceiveMedia(address, 16_000, [address])).toBe(false);
    },
  );
});
