import { readPingOutput } from './icmp-ping-output.js';

const summary = (sent: number, received: number): string => `
--- 10.0.0.9 ping statistics ---
${sent} packets transmitted, ${received} received, 33% packet loss, time 406ms`;

describe(readPingOutput, () => {
  it('should put each reply at the place of its request, so that a gap shows which one was lost', () => {
    const facts = readPingOutput(
      `PING 10.0.0.9 (10.0.0.9) 56(84) bytes of data.
64 bytes from 10.0.0.9: icmp_seq=1 ttl=61 time=0.191 ms
64 bytes from 10.0.0.9: icmp_seq=3 ttl=61 time=12 ms
${summary(3, 2)}`,
      3,
    );
    expect(facts).toEqual({ sent: 3, rttMs: [0.191, null, 12], ttl: 61, clock: 'user' });
  });

  it('should count a duplicate once as such and keep the first time', () => {
    const facts = readPingOutput(
      `64 bytes from 10.0.0.9: icmp_seq=1 ttl=61 time=1.5 ms
64 bytes from 10.0.0.9: icmp_seq=1 ttl=61 time=2.5 ms (DUP!)
${summary(1, 1)}`,
      1,
    );
    expect(facts.rttMs).toEqual([1.5]);
    expect(facts.duplicates).toBe(1);
  });

  it.each([
    ['From 10.0.0.1 icmp_seq=1 Destination Host Unreachable', { type: 'host', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Destination Net Unreachable', { type: 'net', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Destination Port Unreachable', { type: 'port', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Destination Protocol Unreachable', { type: 'protocol', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Packet filtered', { type: 'admin', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Destination Host Prohibited', { type: 'admin', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Time to live exceeded', { type: 'ttl-exceeded', from: '10.0.0.1' }],
    ['From 10.0.0.1 icmp_seq=1 Frag needed and DF set (mtu = 1400)', { type: 'fragmentation-needed', from: '10.0.0.1' }],
    ['From router.example (10.0.0.1) icmp_seq=1 Source Host Isolated', { type: 'other', from: 'router.example' }],
  ])('should name the error and its sender in "%s"', (line, unreachable) => {
    const facts = readPingOutput(`${line}\n${summary(2, 0)}`, 2);
    expect(facts.unreachable).toEqual(unreachable);
    expect(facts.rttMs).toEqual([null, null]);
  });

  it.each([
    ['ping: connect: Network is unreachable', 'no-route'],
    ['ping: bind: Cannot assign requested address', 'no-route'],
    ['ping: room.example: Name or service not known', 'resolve-failed'],
    ['ping: socktype: SOCK_RAW\nping: socket: Operation not permitted', 'unavailable-here'],
    ['', 'unavailable-here'],
  ])('should call "%s" the failure %s', (output, code) => {
    expect(readPingOutput(output, 1).failure?.code).toBe(code);
  });

  it('should not claim requests that the program was stopped before sending', () => {
    expect(readPingOutput(`64 bytes from 10.0.0.9: icmp_seq=1 ttl=61 time=1 ms\n${summary(2, 1)}`, 5).rttMs).toEqual([1, null]);
  });

  it('should ignore a sequence number outside the burst', () => {
    expect(readPingOutput(`64 bytes from 10.0.0.9: icmp_seq=77 ttl=61 time=1 ms\n${summary(1, 0)}`, 1).rttMs).toEqual([null]);
  });
});
