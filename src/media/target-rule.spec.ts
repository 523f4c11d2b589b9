import { networksOf } from '../net/own-networks.js';
import { TargetRule } from './target-rule.js';

const OWN = networksOf(['127.0.0.1/8', '10.1.2.200/24', '2001:db8::200/64']);
const rule = (allowedAddresses: string[], allowedPrefixes: string[] = []): TargetRule =>
  new TargetRule({ allowedAddresses, allowedPrefixes }, OWN);

describe(TargetRule.name, () => {
  it.each([
    ['10.1.2.3', 16_000],
    ['127.20.0.10', 1024],
    ['2001:db8::7', 65_535],
  ])('lets %s:%i through when it is the endpoint', (address, port) => {
    expect(rule(['192.0.2.1', address]).targetOf(address, port)).toBe(address);
  });

  it.each([
    ['an address that is not the endpoint', '10.1.2.4', 16_000],
    ['port 0', '10.1.2.3', 0],
    ['a port of a service', '10.1.2.3', 1023],
    ['no port number', '10.1.2.3', NaN],
    ['beyond the last port', '10.1.2.3', 65_536],
    ['a name', 'room.example.org', 16_000],
    ['nothing', '', 16_000],
  ])('refuses %s', (_title, address, port) => {
    expect(rule(['10.1.2.3', 'room.example.org', '']).targetOf(address, port)).toBeUndefined();
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.0.1',
    '255.255.255.255',
    '240.0.0.1',
    '::',
    'ff02::1',
    '::ffff:224.0.0.1',
  ])('refuses %s, which is not one host, even when somebody put it on the list', (address) => {
    expect(rule([address, '127.0.0.9']).targetOf(address, 16_000)).toBeUndefined();
  });

  it.each(['10.1.2.255', '10.1.2.0', '::ffff:10.1.2.255', '127.255.255.255'])(
    'refuses %s, which reaches everybody on a network of ours',
    (address) => {
      expect(rule([address, '127.0.0.9'], ['10.1.2.0/24']).targetOf(address, 16_000)).toBeUndefined();
    },
  );

  it.each(['10.1.2.200', '2001:db8::200', '::ffff:10.1.2.200'])('refuses %s, which is this machine', (address) => {
    expect(rule([address]).targetOf(address, 16_000)).toBeUndefined();
    expect(rule(['10.1.2.3', '2001:db8::3'], ['10.1.2.0/24', '2001:db8::/48']).targetOf(address, 16_000)).toBeUndefined();
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])('refuses %s to an endpoint that is elsewhere', (address) => {
    expect(rule(['10.1.2.3', '2001:db8::3'], ['127.0.0.0/8', '::1/128']).targetOf(address, 16_000)).toBeUndefined();
  });

  it('lets the prefixes of an endpoint through, and nothing beside them', () => {
    const allowed = rule(['10.1.2.3'], ['10.9.8.0/30', 'not a prefix']);
    const targets = ['10.9.8.1', '10.9.8.3', '10.9.8.4', '10.9.7.255'].map((address) => allowed.targetOf(address, 16_000));
    expect(targets).toEqual(['10.9.8.1', '10.9.8.3', undefined, undefined]);
  });

  it('keeps to the family of the endpoint, whose sockets have no other', () => {
    expect(rule(['10.1.2.3'], ['2001:db8::/48']).targetOf('2001:db8::5', 16_000)).toBeUndefined();
    expect(rule(['2001:db8::3'], ['2001:db8::/48']).targetOf('2001:DB8:0::5', 16_000)).toBe('2001:db8::5');
  });

  it('sends to the IPv4 address that is mapped into an IPv6 one', () => {
    expect(rule(['10.1.2.3']).targetOf('::ffff:10.1.2.3', 16_000)).toBe('10.1.2.3');
  });

  it('allows nothing when nothing is allowed', () => {
    expect(rule([]).targetOf('10.1.2.3', 16_000)).toBeUndefined();
  });
});
