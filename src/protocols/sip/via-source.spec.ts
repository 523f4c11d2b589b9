import { SipHeaders } from './headers.js';
import type { SipRequest } from './message.js';
import { markSource } from './via-source.js';

const requestWith = (...vias: string[]): SipRequest => ({
  kind: 'request',
  method: 'OPTIONS',
  uri: 'sip:room@127.20.0.1',
  headers: SipHeaders.from(vias.map((via) => ['Via', via] as const)),
  body: '',
});
const peer = { address: '127.0.0.9', port: 40_000 };

describe('markSource', () => {
  test.each([
    ['rport asked for', 'SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1;rport', 40_000, ';rport=40000'],
    ['a port named', 'SIP/2.0/UDP 10.0.0.1:5070;branch=z9hG4bK1', 5070, ';received=127.0.0.9'],
    ['nothing said', 'SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1', 5060, ';received=127.0.0.9'],
  ])('%s', (_name, via, port, mark) => {
    const request = requestWith(via, 'SIP/2.0/UDP 10.0.0.2:5071;branch=z9hG4bK2');
    expect(markSource(request, peer)).toBe(port);
    const [top, second] = request.headers.getAll('Via');
    expect(top).toContain(mark);
    expect(top).toContain(';received=127.0.0.9');
    expect(second).toBe('SIP/2.0/UDP 10.0.0.2:5071;branch=z9hG4bK2');
  });

  test('an unreadable Via is answered where it came from', () => {
    expect(markSource(requestWith('rubbish'), peer)).toBe(40_000);
  });
});
