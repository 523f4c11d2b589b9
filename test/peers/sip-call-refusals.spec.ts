import { describeDevices, type DeviceRow } from './called-device.js';
import { requestsIn } from './sipp-log.js';
import { answer, cancelled, confirm, invite, pause, recv, refuse, sdp } from './sipp-scenario.js';

const UNHEARD = 'uuuu';

/** status, phrase, result and reason: what a living device decided about the call is no fault of the line */
const REFUSALS: [number, string, string, string][] = [
  [302, 'Moved Temporarily', 'fail', 'redirected'],
  [400, 'Bad Request', 'fail', 'protocol-error'],
  [401, 'Unauthorized', 'fail', 'auth-required'],
  [403, 'Forbidden', 'inconclusive', 'declined'],
  [404, 'Not Found', 'fail', 'not-found'],
  [407, 'Proxy Authentication Required', 'fail', 'auth-required'],
  [408, 'Request Timeout', 'fail', 'no-answer'],
  [480, 'Temporarily Unavailable', 'inconclusive', 'declined'],
  [486, 'Busy Here', 'inconclusive', 'busy'],
  [488, 'Not Acceptable Here', 'fail', 'codec-mismatch'],
  [500, 'Server Internal Error', 'fail', 'server-error'],
  [503, 'Service Unavailable', 'fail', 'resource-limit'],
  [600, 'Busy Everywhere', 'inconclusive', 'busy'],
  [603, 'Decline', 'inconclusive', 'declined'],
];

const CHALLENGE = 'WWW-Authenticate: Digest realm="room", nonce="n1", algorithm=MD5, qop="auth"';
const ELSEWHERE = 'sip:other@192.0.2.9:5060';

const headersFor = (status: number): string[] => {
  if (status === 302) return [`Contact: <${ELSEWHERE}>`];
  if (status === 401) return [CHALLENGE];
  if (status === 407) return [CHALLENGE.replace('WWW-Authenticate', 'Proxy-Authenticate')];
  return status === 503 ? ['Retry-After: 30'] : [];
};

const refusals = REFUSALS.map(([status, phrase, result, reason]): DeviceRow => ({
  title: `${status} ${phrase}`,
  steps: [invite(), ...refuse(status, phrase, { headers: headersFor(status) })],
  outcome: {
    result,
    reason,
    detail: {
      failure: {
        status,
        ...(status === 302 ? { contact: ELSEWHERE } : {}),
        ...(status === 503 ? { retryAfterS: 30 } : {}),
      },
    },
  },
  signals: UNHEARD,
  // reported, never followed or repeated
  received: (messages) => expect(requestsIn(messages, 'INVITE')).toHaveLength(1),
}));

const others: DeviceRow[] = [
  {
    title: '480 after ringing',
    steps: [invite(), answer(180, 'Ringing'), ...refuse(480, 'Temporarily Unavailable')],
    outcome: { result: 'inconclusive', reason: 'not-auto-answering', detail: { lastProvisional: 180 } },
    signals: UNHEARD,
  },
  {
    title: '488 with the only description it accepts, which is encrypted',
    steps: [
      invite(),
      ...refuse(488, 'Not Acceptable Here', {
        sdp: sdp({
          audio: [
            'm=audio [media_port] RTP/SAVP 8',
            'a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz',
          ],
          video: [],
        }),
      }),
    ],
    outcome: { result: 'fail', reason: 'encryption-required' },
    signals: UNHEARD,
  },
  {
    title: '401 to right and wrong credentials alike',
    steps: [
      invite(),
      ...refuse(401, 'Unauthorized', { headers: [CHALLENGE] }),
      invite(),
      ...refuse(401, 'Unauthorized', { headers: [CHALLENGE.replace('n1', 'n2')] }),
    ],
    options: { user: 'room', passwordFile: '/dev/null' },
    outcome: { result: 'fail', reason: 'auth-failed', detail: { failure: { kind: 'auth-failed' } } },
    signals: UNHEARD,
    received: (messages) => {
      const invites = requestsIn(messages, 'INVITE');
      expect(invites.map(({ headers }) => headers.some(([name]) => name === 'Authorization'))).toEqual([false, true]);
    },
  },
  {
    title: 'rings for ever',
    steps: [invite(), answer(100, 'Trying'), answer(180, 'Ringing'), ...cancelled()],
    outcome: { result: 'inconclusive', reason: 'not-auto-answering', detail: { failure: { kind: 'rang-out', lastStatus: 180 } } },
    signals: UNHEARD,
  },
  {
    title: 'plays an announcement for ever',
    steps: [invite(), answer(183, 'Session Progress', { sdp: sdp() }), ...cancelled()],
    outcome: { result: 'inconclusive', reason: 'not-auto-answering', detail: { lastProvisional: 183 } },
    signals: UNHEARD,
  },
  {
    title: '100 and nothing after it',
    steps: [invite(), answer(100, 'Trying'), ...cancelled()],
    outcome: { result: 'fail', reason: 'signalling-hung', detail: { failure: { kind: 'hung' } } },
    signals: UNHEARD,
  },
  {
    title: 'answers nothing at all, and long afterwards the call',
    steps: [invite(), pause(3000), answer(200, 'OK', { sdp: sdp() }), recv('ACK'), recv('BYE'), confirm()],
    outcome: { result: 'fail', reason: 'no-answer', detail: { failure: { kind: 'no-answer' } } },
    signals: UNHEARD,
  },
  {
    title: 'rings first after we gave up',
    steps: [invite(), pause(3000), answer(180, 'Ringing'), ...cancelled()],
    outcome: { result: 'fail', reason: 'no-answer' },
    signals: UNHEARD,
  },
  {
    title: 'is answered while our CANCEL is on its way',
    steps: [
      invite(),
      answer(180, 'Ringing'),
      recv('CANCEL'),
      confirm(),
      answer(200, 'OK', { sdp: sdp() }),
      recv('ACK'),
      recv('BYE'),
      confirm(),
    ],
    outcome: { result: 'inconclusive', reason: 'not-auto-answering' },
    signals: UNHEARD,
  },
];

describeDevices('sip-call to a SIPp that does not take the call:', [...refusals, ...others]);
