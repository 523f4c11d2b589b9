import { isSingleHost, resolveHost } from './host-address.js';

describe(resolveHost, () => {
  it('should take an address as it stands', async () => {
    expect(await resolveHost('192.0.2.1', 1000)).toEqual({ ok: true, value: { address: '192.0.2.1', family: 4 } });
    expect(await resolveHost('2001:db8::1', 1000)).toEqual({ ok: true, value: { address: '2001:db8::1', family: 6 } });
  });

  it('should resolve a name that the machine knows', async () => {
    const resolved = await resolveHost('localhost', 5000);
    expect(resolved.ok && ['127.0.0.1', '::1'].includes(resolved.value.address)).toBe(true);
  });

  it('should report a name without an address, and no answer in time, as errors and not as exceptions', async () => {
    expect((await resolveHost('no-such-room.invalid', 5000)).ok).toBe(false);
    expect(await resolveHost('another-room.invalid', 0)).toMatchObject({ ok: false });
  });
});

describe(isSingleHost, () => {
  it.each([
    '127.0.0.1',
    '1.0.0.0',
    '10.1.2.3',
    '203.0.113.9',
    '223.255.255.255',
    '240.0.0.1',
    '::1',
    '2001:db8::1',
    '::ffff:10.1.2.3',
  ])('should accept %s', (address) => {
    expect(isSingleHost({ address, family: address.includes(':') ? 6 : 4 })).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '0.1.2.3',
    '224.0.0.1',
    '239.255.255.250',
    '255.255.255.255',
    '::',
    '0:0::0',
    'ff02::1',
    '::ffff:224.0.0.1',
    '::ffff:0.0.0.0',
    '::ffff:255.255.255.255',
  ])('should refuse %s', (address) => {
    expect(isSingleHost({ address, family: address.includes(':') ? 6 : 4 })).toBe(false);
  });
});
