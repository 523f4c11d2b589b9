import { ManualScheduler } from '../../common/manual-scheduler.js';
import { Dialog } from './dialog.js';
import type { SipRequest } from './message.js';
import { buildRequest } from './request.js';
import { answer, Wire } from './testing/wire.js';

const transport = new Wire(new ManualScheduler());
const options = { transport, branch: 'z9hG4bKnext' };

function inviteFrom(from: string, to: string): SipRequest {
  const uri = 'sip:room@example.vn';
  const request = buildRequest({ method: 'INVITE', uri, from, to, callId: 'call', cseq: 20, branch: 'z9hG4bK1', transport });
  request.headers.append('Contact', '<sip:us@192.0.2.1:5062>');
  return request;
}

const invite = inviteFrom('"Us" <sip:us@h>;tag=us', '<sip:room@example.vn>');

function callerDialog(
  recordRoutes: string[] = [],
  contact = '"Room" <sip:room@10.0.0.9:5070;transport=udp?x=y>;expires=60',
): Dialog {
  const response = answer(invite, 200, {
    contact,
    headers: recordRoutes.map((route): [string, string] => ['Record-Route', route]),
  });
  return Dialog.fromResponse(invite, response);
}

describe('the caller, RFC 3261 section 12.1.2 and 12.2.1.1', () => {
  it('sends to the Contact, CSeq one further, with both tags', () => {
    const dialog = callerDialog();
    const bye = dialog.createRequest('BYE', options);
    expect(bye.uri).toBe('sip:room@10.0.0.9:5070;transport=udp');
    expect(bye.headers.get('CSeq')).toBe('21 BYE');
    expect(bye.headers.get('From')).toBe('"Us" <sip:us@h>;tag=us');
    expect(bye.headers.get('To')).toBe('<sip:room@example.vn>;tag=peer');
    expect(bye.headers.get('Call-ID')).toBe('call');
    expect(dialog.createRequest('INFO', options).headers.get('CSeq')).toBe('22 INFO');
  });

  it('acknowledges with the number of the INVITE and a branch of its own', () => {
    const ack = callerDialog().createAck(20, options);
    expect(ack.headers.get('CSeq')).toBe('20 ACK');
    expect(ack.headers.get('Via')).toContain('branch=z9hG4bKnext;rport');
  });

  it('walks the recorded route backwards', () => {
    const bye = callerDialog(['<sip:p2;lr>', '<sip:p1;lr>']).createRequest('BYE', options);
    expect(bye.uri).toBe('sip:room@10.0.0.9:5070;transport=udp');
    expect(bye.headers.getAll('Route')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
  });

  it('gives a strict router the Request-URI and puts the target last', () => {
    const bye = callerDialog(['<sip:p2;lr>', '<sip:strict>']).createRequest('BYE', options);
    expect(bye.uri).toBe('sip:strict');
    expect(bye.headers.getAll('Route')).toEqual(['<sip:p2;lr>', '<sip:room@10.0.0.9:5070;transport=udp>']);
  });

  it.each(['*', '<tel:+84>', 'garbage <'])('without a usable Contact (%s) sends where the INVITE went', (contact) => {
    expect(callerDialog([], contact).remoteTarget).toBe('sip:room@example.vn');
  });

  it('drops routes that are none', () => {
    expect(callerDialog(['nonsense', '<sip:p;lr>']).routeSet).toEqual(['<sip:p;lr>']);
  });

  it('is prepared for a peer without a tag (12.1.2)', () => {
    const dialog = Dialog.fromResponse(invite, answer(invite, 200, { toTag: undefined }));
    expect(dialog.remoteTag).toBe('');
  });
});

describe('the called side, RFC 3261 section 12.1.1 and 12.2.2', () => {
  const received = inviteFrom('<sip:them@h>;tag=them', '<sip:room@example.vn>');
  received.headers.append('Record-Route', '<sip:p1;lr>, <sip:p2;lr>');

  it('turns the parties round and keeps the order of the route', () => {
    const bye = Dialog.fromRequest(received, 'mine').createRequest('BYE', options);
    expect(bye.uri).toBe('sip:us@192.0.2.1:5062');
    expect(bye.headers.get('From')).toBe('<sip:room@example.vn>;tag=mine');
    expect(bye.headers.get('To')).toBe('<sip:them@h>;tag=them');
    expect(bye.headers.getAll('Route')).toEqual(['<sip:p1;lr>', '<sip:p2;lr>']);
    expect(bye.headers.get('CSeq')).toBe('1 BYE');
  });

  it('takes only rising CSeq numbers', () => {
    const dialog = Dialog.fromRequest(received, 'mine');
    const numbered = (number: number): SipRequest => {
      const request = inviteFrom('<sip:them@h>;tag=them', '<sip:room@example.vn>;tag=mine');
      request.headers.set('CSeq', `${number} INVITE`);
      return request;
    };
    expect([20, 19, 21, 21, 30].map((number) => dialog.acceptCSeq(numbered(number)))).toEqual([false, false, true, false, true]);
  });

  it('follows a new Contact, and keeps the old one when there is none', () => {
    const dialog = Dialog.fromRequest(received, 'mine');
    const update = inviteFrom('<sip:them@h>;tag=them', '<sip:room@example.vn>;tag=mine');
    update.headers.set('Contact', '<sip:them@203.0.113.4>');
    dialog.refreshTarget(update);
    update.headers.delete('Contact');
    dialog.refreshTarget(update);
    expect(dialog.remoteTarget).toBe('sip:them@203.0.113.4');
  });

  it.each([
    ['its own', '<sip:them@h>;tag=them', '<sip:room@example.vn>;tag=mine', true],
    ['another local tag', '<sip:them@h>;tag=them', '<sip:room@example.vn>;tag=x', false],
    ['another remote tag', '<sip:them@h>;tag=x', '<sip:room@example.vn>;tag=mine', false],
    ['no tag', '<sip:them@h>;tag=them', '<sip:room@example.vn>', false],
  ])('recognises %s request', (_what, from, to, expected) => {
    expect(Dialog.fromRequest(received, 'mine').matches(inviteFrom(from, to))).toBe(expected);
  });
});
