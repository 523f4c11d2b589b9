import { describeDevices } from './called-device.js';
import { losesFirst } from './lossy-relay.js';
import { headerOf, headersOf, requestsIn, tagIn, type LoggedMessage } from './sipp-log.js';
import {
  answer,
  ask,
  confirm,
  heldToTheEnd,
  invite,
  NO_VIDEO,
  pause,
  recv,
  recvAgain,
  recvStatus,
  sdp,
} from './sipp-scenario.js';

/** SIPp sends no media and no RTCP: what it hears nobody knows; what it does not send is absent. */
const NO_SOUND = { result: 'fail', reason: 'no-media' };
const MUTE = 'uaua';
const accept = answer(200, 'OK', { sdp: sdp() });
const ladder = (...steps: string[]): string[] => [invite(), ...steps];

/** What we said in our 200 to a request of the device. */
const bodyOf = (messages: LoggedMessage[], cseq: string): string =>
  messages.find(
    (message) => message.direction === 'received' && message.startLine === 'SIP/2.0 200 OK' && headerOf(message, 'CSeq') === cseq,
  )?.body ?? '';

describeDevices('sip-call in a dialog with a SIPp where', [
  {
    title: 'the first two INVITEs are lost',
    steps: ladder(accept, ...heldToTheEnd()),
    relay: losesFirst(2, 'INVITE '),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true } },
    signals: MUTE,
    received: (messages) => expect(requestsIn(messages, 'INVITE')).toHaveLength(1),
  },
  {
    title: 'the first two ACKs are lost: each repeated 200 gets another',
    steps: ladder(accept, ...heldToTheEnd()),
    options: { holdS: 3 },
    relay: losesFirst(2, 'ACK '),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true } },
    signals: MUTE,
    received: (messages) => expect(messages.filter(({ startLine }) => startLine === 'SIP/2.0 200 OK').length).toBeGreaterThan(3),
  },
  {
    title: 'the first BYE is lost',
    steps: ladder(accept, ...heldToTheEnd()),
    relay: losesFirst(1, 'BYE '),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true } },
    signals: MUTE,
  },
  {
    title: 'the ACK is under way for 0.7 s: the 200 is repeated meanwhile',
    steps: ladder(accept, recv('ACK'), recvAgain('ACK'), recv('BYE'), confirm()),
    options: { holdS: 2 },
    relay: () => ({ delayMs: (datagram) => (datagram.startsWith('ACK ') ? 700 : 0) }),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true } },
    signals: MUTE,
    received: (messages) => expect(requestsIn(messages, 'BYE')).toHaveLength(1),
  },
  {
    title: 'the call is answered late',
    steps: ladder(answer(180, 'Ringing'), pause(1_500), accept, ...heldToTheEnd()),
    options: { ringS: 4 },
    outcome: { ...NO_SOUND, detail: { lastProvisional: 180, byeAnswered: true } },
    signals: MUTE,
    received: (messages) => expect(requestsIn(messages, 'CANCEL')).toEqual([]),
  },
  {
    title: 'it answers from another port of its own, and names that one',
    steps: ladder(answer(180, 'Ringing'), accept, ...heldToTheEnd()),
    relay: () => ({ answersElsewhere: true }),
    outcome: {
      ...NO_SOUND,
      detail: { byeAnswered: true, answeredFrom: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string },
    },
    signals: MUTE,
  },
  {
    title: 'its Contact is somebody else: that address gets nothing, and it its BYE',
    steps: ladder(answer(200, 'OK', { contact: '<sip:room@192.0.2.9:5070>', sdp: sdp() }), ...heldToTheEnd()),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true, contactElsewhere: '192.0.2.9' } },
    signals: MUTE,
    received: (messages) => expect(requestsIn(messages, 'BYE')[0]?.startLine).toMatch(/^BYE sip:room@192\.0\.2\.9:5070/),
  },
  {
    title: 'a line among its headers is broken',
    steps: ladder(answer(200, 'OK', { headers: ['X-Vendor-Mode auto'], sdp: sdp() }), ...heldToTheEnd()),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true, malformedHeaders: 1 } },
    signals: MUTE,
  },
  {
    title: 'two devices answer: the second is let go at once',
    steps: ladder(
      answer(200, 'OK', { tag: 'first', sdp: sdp() }),
      recv('ACK'),
      answer(200, 'OK', { tag: 'second', sdp: sdp() }),
      recv('ACK'),
      recv('BYE'),
      confirm(),
      recv('BYE'),
      confirm(),
    ),
    outcome: { ...NO_SOUND, detail: { byeAnswered: true } },
    signals: MUTE,
    received: (messages) => {
      const tagsOf = (method: string): string[] => requestsIn(messages, method).map((message) => tagIn(headerOf(message, 'To')));
      expect(new Set(tagsOf('ACK'))).toEqual(new Set(['first', 'second']));
      expect(tagsOf('BYE')).toEqual(['second', 'first']);
    },
  },
  {
    title: 'it hangs up after half a second',
    steps: ladder(accept, recv('ACK'), pause(500), ask('BYE', 1), recvStatus(200)),
    options: { holdS: 4 },
    outcome: { result: 'fail', reason: 'peer-hung-up', detail: { endedBy: 'peer' } },
    signals: MUTE,
  },
  {
    title: 'it drops video in the middle of the call',
    steps: ladder(
      accept,
      recv('ACK'),
      ask('INVITE', 1, { sdp: sdp({ video: NO_VIDEO }) }),
      recvStatus(200),
      ask('ACK', 1),
      recv('BYE'),
      confirm(),
    ),
    outcome: { ...NO_SOUND, detail: { changes: 1 } },
    signals: MUTE,
    received: (messages) => {
      expect(bodyOf(messages, '1 INVITE')).toMatch(/^m=audio [1-9]\d* RTP\/AVP 8[^]*^m=video 0 /m);
    },
  },
  {
    title: 'it puts us on hold in the middle of the call',
    steps: ladder(
      accept,
      recv('ACK'),
      ask('INVITE', 1, { sdp: sdp({ direction: 'sendonly' }) }),
      recvStatus(200),
      ask('ACK', 1),
      recv('BYE'),
      confirm(),
    ),
    outcome: { ...NO_SOUND, detail: { changes: 1 } },
    signals: MUTE,
    received: (messages) => {
      expect(bodyOf(messages, '1 INVITE').match(/^a=recvonly$/gm)).toHaveLength(2);
      expect(bodyOf(messages, '1 INVITE')).toMatch(/^o=- \d+ 2 /m);
    },
  },
  {
    title: 'it asks for our description: a re-INVITE without an offer',
    steps: ladder(accept, recv('ACK'), ask('INVITE', 1), recvStatus(200), ask('ACK', 1, { sdp: sdp() }), recv('BYE'), confirm()),
    outcome: { ...NO_SOUND, detail: { changes: 1 } },
    signals: MUTE,
    received: (messages) => expect(bodyOf(messages, '1 INVITE')).toMatch(/^m=video [1-9]/m),
  },
  {
    title: 'UPDATE, INFO, OPTIONS and REFER inside the call',
    steps: ladder(
      accept,
      recv('ACK'),
      ask('UPDATE', 1, { sdp: sdp() }),
      recvStatus(200),
      ask('INFO', 2, { headers: ['Content-Type: application/media_control+xml'] }),
      recvStatus(200),
      ask('OPTIONS', 3),
      recvStatus(200),
      ask('REFER', 4, { headers: ['Refer-To: <sip:other@192.0.2.9>'] }),
      recvStatus(603),
      recv('BYE'),
      confirm(),
    ),
    outcome: { ...NO_SOUND, detail: { changes: 1 } },
    signals: MUTE,
    received: (messages) => expect(requestsIn(messages, 'INVITE')).toHaveLength(1),
  },
  {
    title: 'session timers: its refresh is answered',
    steps: ladder(
      answer(200, 'OK', { sdp: sdp(), headers: ['Session-Expires: 90;refresher=uas', 'Supported: timer'] }),
      recv('ACK'),
      ask('UPDATE', 1, { headers: ['Session-Expires: 90;refresher=uac', 'Min-SE: 90', 'Supported: timer'] }),
      recvStatus(200),
      recv('BYE'),
      confirm(),
    ),
    outcome: { ...NO_SOUND, detail: { changes: undefined } },
    signals: MUTE,
  },
  {
    title: 'two proxies on the way',
    steps: ladder(
      answer(200, 'OK', {
        sdp: sdp(),
        headers: ['Record-Route: <sip:p2.example;lr>, "one" <sip:p1.example;lr;x=1>'],
      }),
      ...heldToTheEnd(),
    ),
    outcome: NO_SOUND,
    signals: MUTE,
    received: (messages) => {
      const [bye] = requestsIn(messages, 'BYE');
      expect(bye && headersOf(bye, 'Route').join(', ')).toMatch(/^(?:"one" )?<sip:p1\.example;lr;x=1>, <sip:p2\.example;lr>$/);
      expect(bye?.startLine).toMatch(/^BYE sip:room@127\.0\.0\.1:\d+/);
    },
  },
  {
    title: 'a proxy of the old kind on the way: it wants to be the target',
    steps: ladder(answer(200, 'OK', { sdp: sdp(), headers: ['Record-Route: <sip:strict.example>'] }), ...heldToTheEnd()),
    outcome: NO_SOUND,
    signals: MUTE,
    received: (messages) => {
      const [bye] = requestsIn(messages, 'BYE');
      expect(bye?.startLine).toBe('BYE sip:strict.example SIP/2.0');
      expect(bye && headersOf(bye, 'Route').join()).toMatch(/^<sip:room@127\.0\.0\.1:\d+/);
    },
  },
]);
