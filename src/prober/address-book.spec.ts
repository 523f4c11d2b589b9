import { AddressBook } from './address-book.js';

const call = (target: string, address?: string, options = {}) => ({ kind: 'sip-call' as const, target, address, options });

describe(AddressBook.name, () => {
  it.each([
    ['sip:room1@10.0.0.1', 'sip:room2@10.0.0.1:5080;transport=tcp'],
    ['sip:a@Gateway.Example.', 'sip:b@gateway.example'],
    ['sip:a@[2001:db8:0:0::1]', 'sip:b@[2001:DB8::1]:5060'],
    ['sip:a@[::ffff:10.0.0.1]', 'sip:10.0.0.1'],
  ])('sees one machine behind %s and %s', (one, other) => {
    const book = new AddressBook();
    expect(book.engagedBy(call(one))).toEqual(book.engagedBy(call(other)));
  });

  it('knows the endpoint by its address of the inventory, too', () => {
    const book = new AddressBook();
    expect(book.engagedBy(call('sip:room@codec.example', '10.0.0.1'))).toContain('10.0.0.1');
    expect(book.engagedBy(call('sip:10.0.0.1', '10.0.0.1'))).toEqual(['10.0.0.1']);
  });

  it('learns what a host name stands for from what was found, and forgets what it stood for before', () => {
    const book = new AddressBook();
    book.learn(call('codec.example'), { detail: { address: '10.0.0.1' } });
    expect(book.engagedBy(call('sip:room@codec.example'))).toEqual(['codec.example', '10.0.0.1']);
    book.learn(call('sip:x@codec.example'), { detail: { address: '10.0.0.2' } });
    book.learn(call('codec.example'), { detail: { address: 'not an address' } });
    book.learn(call('codec.example'), { detail: undefined });
    expect(book.engagedBy(call('sip:room@codec.example'))).toEqual(['codec.example', '10.0.0.2']);
  });

  it('does not take a proxy for the machine of all who are called through it', () => {
    const book = new AddressBook();
    const [one, other] = ['sip:one@province.example', 'sip:other@province.example'].map((target, index) =>
      call(target, `10.0.0.${index}`, { outboundProxy: '10.9.9.9' }),
    ) as [ReturnType<typeof call>, ReturnType<typeof call>];
    book.learn(one, { detail: { address: '10.9.9.9' } });
    expect(book.engagedBy(one).filter((name) => book.engagedBy(other).includes(name))).toEqual([]);
    expect(book.engagedBy(one)).toEqual(book.engagedBy({ ...one, target: 'SIP:one@Province.example' }));
  });

  it('lets only calls occupy anything', () => {
    expect(new AddressBook().engagedBy({ ...call('10.0.0.1', '10.0.0.1'), kind: 'icmp' })).toEqual([]);
  });
});
