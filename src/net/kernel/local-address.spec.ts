import { ManualScheduler } from '../../common/manual-scheduler.js';
import { isSupported } from './libc.js';
import { LocalAddresses, localAddressFor } from './local-address.js';

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

describe(LocalAddresses.name, () => {
  function set(answers: (string | undefined)[]) {
    const scheduler = new ManualScheduler();
    const asked: string[] = [];
    const addresses = new LocalAddresses(scheduler, (peer) => {
      asked.push(peer);
      return answers.shift();
    });
    return { scheduler, asked, addresses };
  }

  it('asks once for each peer, and again when a route may have changed', () => {
    const { scheduler, asked, addresses } = set(['10.0.0.1', '10.9.0.1', '10.0.0.2']);
    expect([addresses.towards('a'), addresses.towards('b'), addresses.towards('a')]).toEqual([
      '10.0.0.1',
      '10.9.0.1',
      '10.0.0.1',
    ]);
    scheduler.advance(301_000);
    expect(addresses.towards('a')).toBe('10.0.0.2');
    expect(asked).toEqual(['a', 'b', 'a']);
  });

  it('does not remember that there was no route', () => {
    const { addresses } = set([undefined, '10.0.0.1']);
    expect(addresses.towards('a')).toBeUndefined();
    expect(addresses.towards('a')).toBe('10.0.0.1');
  });

  it('remembers a bounded number', () => {
    const { asked, addresses } = set(Array<string>(20_002).fill('10.0.0.1'));
    for (let peer = 0; peer <= 20_000; peer++) addresses.towards(`${peer}`);
    addresses.towards('0');
    expect(asked).toHaveLength(20_002);
  });
});
