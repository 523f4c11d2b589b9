import { isSupported } from './libc.js';
import { localAddressFor } from './local-address.js';

(isSupported ? describe : describe.skip)(`${localAddressFor.name} (needs 64-bit Linux)`, () => {
  it('tells the source address of each question anew, over one socket a family', () => {
    expect(localAddressFor('127.0.0.1')).toBe('127.0.0.1');
    expect(localAddressFor('::1')).toBe('::1');
    expect(localAddressFor('127.9.9.9')).toBe('127.0.0.1');
  });

  it('has nothing to tell of an address that no route leads to, and goes on telling of others', () => {
    // broadcast without SO_BROADCAST: the kernel refuses it on every machine
    expect(localAddressFor('255.255.255.255')).toBeUndefined();
    expect(localAddressFor('127.0.0.1')).toBe('127.0.0.1');
  });
});
