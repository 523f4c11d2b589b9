import { canonicalAddress, parseAddressPrefix } from './address-prefix.js';
import { networksOf, ownNetworks } from './own-networks.js';

describe(networksOf.name, () => {
  it('knows our addresses, and those of each network that reach everybody', () => {
    const { addresses, broadcasts } = networksOf([
      '10.1.2.3/24',
      '172.16.5.9/22',
      '198.51.100.4/31',
      '192.0.2.1/32',
      '2001:db8::1/64',
    ]);
    expect([...addresses]).toEqual(['10.1.2.3', '172.16.5.9', '198.51.100.4', '192.0.2.1', '2001:db8::1']);
    expect([...broadcasts]).toEqual(['10.1.2.0', '10.1.2.255', '172.16.4.0', '172.16.7.255']);
  });

  it('reads this machine, whose loopback is always there', () => {
    expect(ownNetworks().addresses).toContain('127.0.0.1');
    expect(ownNetworks().broadcasts).toContain('127.255.255.255');
  });
});

describe(canonicalAddress.name, () => {
  it.each([
    ['10.1.2.3', '10.1.2.3'],
    ['::ffff:10.1.2.3', '10.1.2.3'],
    ['::FFFF:0a01:0203', '10.1.2.3'],
    ['2001:DB8:0:0::7', '2001:db8::7'],
    ['fe80::1%eth0', undefined],
    ['media.example.org', undefined],
    ['10.1.2', undefined],
    ['', undefined],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalAddress(text)).toBe(canonical);
  });
});

describe(parseAddressPrefix.name, () => {
  it.each([
    ['10.1.2.0/24', { address: '10.1.2.0', bits: 24, family: 4 }],
    ['10.0.0.0/8', { address: '10.0.0.0', bits: 8, family: 4 }],
    ['2001:db8::/48', { address: '2001:db8::', bits: 48, family: 6 }],
    ['192.0.2.7/32', { address: '192.0.2.7', bits: 32, family: 4 }],
  ])('reads %s', (text, prefix) => {
    expect(parseAddressPrefix(text)).toEqual(prefix);
  });

  it.each([
    '10.1.2.3',
    '10.1.2.0/33',
    '10.0.0.0/7',
    '0.0.0.0/0',
    '::/0',
    '2001::/31',
    'example.org/24',
    '10.1.2.0/2x',
    '10.1.2.0/24/1',
    '/24',
    '',
  ])('refuses "%s"', (text) => {
    expect(parseAddressPrefix(text)).toBeUndefined();
  });
});
