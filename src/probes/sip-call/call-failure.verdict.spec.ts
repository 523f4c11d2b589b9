import type { Reason } from '../../common/reasons.js';
import type { CallFailure } from '../../protocols/sip/uac-call.js';
import type { ProbeResult } from '../contract.js';
import { type FailureCircumstances, judgeCallFailure } from './call-failure.verdict.js';

const quiet: FailureCircumstances = { rang: false, encryptionHinted: false, hasCredentials: false };
const status = (code: number, reasonPhrase = 'Whatever'): CallFailure => ({ kind: 'status', status: code, reasonPhrase });

describe(judgeCallFailure, () => {
  const rows: [string, CallFailure, Partial<FailureCircumstances>, ProbeResult, Reason][] = [
    ['nothing at all came', { kind: 'no-answer' }, {}, 'fail', 'no-answer'],
    ['100 and then silence', { kind: 'hung' }, {}, 'fail', 'signalling-hung'],
    ['it rang until we gave up', { kind: 'rang-out', lastStatus: 180 }, {}, 'inconclusive', 'not-auto-answering'],
    ['a second challenge', { kind: 'auth-failed' }, {}, 'fail', 'auth-failed'],
    ['port unreachable', { kind: 'transport', failure: 'refused' }, {}, 'fail', 'refused'],
    ['connection reset', { kind: 'transport', failure: 'reset' }, {}, 'fail', 'refused'],
    ['connection closed', { kind: 'transport', failure: 'closed' }, {}, 'fail', 'refused'],
    ['host unreachable', { kind: 'transport', failure: 'no-route' }, {}, 'fail', 'no-route'],
    ['TLS trouble', { kind: 'transport', failure: 'tls' }, {}, 'fail', 'protocol-error'],
    ['302', status(302), {}, 'fail', 'redirected'],
    ['380', status(380), {}, 'fail', 'redirected'],
    ['400', status(400), {}, 'fail', 'protocol-error'],
    ['401 without credentials', status(401), {}, 'fail', 'auth-required'],
    ['401 with credentials', status(401), { hasCredentials: true }, 'fail', 'auth-failed'],
    ['407 without credentials', status(407), {}, 'fail', 'auth-required'],
    ['403', status(403), {}, 'inconclusive', 'declined'],
    ['404', status(404), {}, 'fail', 'not-found'],
    ['408', status(408), {}, 'fail', 'no-answer'],
    ['410', status(410), {}, 'fail', 'not-found'],
    ['415', status(415), {}, 'fail', 'codec-mismatch'],
    ['480 at once: do not disturb', status(480), {}, 'inconclusive', 'declined'],
    ['480 after ringing: nobody came', status(480), { rang: true }, 'inconclusive', 'not-auto-answering'],
    ['484', status(484), {}, 'fail', 'not-found'],
    ['486', status(486), {}, 'inconclusive', 'busy'],
    ['488', status(488), {}, 'fail', 'codec-mismatch'],
    ['488 and SRTP in its SDP', status(488), { encryptionHinted: true }, 'fail', 'encryption-required'],
    ['488 that says why', status(488, 'SRTP Required'), {}, 'fail', 'encryption-required'],
    ['491', status(491), {}, 'inconclusive', 'busy'],
    ['494', status(494), {}, 'fail', 'encryption-required'],
    ['500', status(500), {}, 'fail', 'server-error'],
    ['503', status(503), {}, 'fail', 'resource-limit'],
    ['504', status(504), {}, 'fail', 'no-answer'],
    ['513', status(513), {}, 'fail', 'server-error'],
    ['600', status(600), {}, 'inconclusive', 'busy'],
    ['603', status(603), {}, 'inconclusive', 'declined'],
    ['604', status(604), {}, 'fail', 'not-found'],
    ['606', status(606), {}, 'fail', 'codec-mismatch'],
    ['607', status(607), {}, 'inconclusive', 'declined'],
    ['699', status(699), {}, 'inconclusive', 'declined'],
  ];

  it.each(rows)('should judge "%s"', (_title, failure, circumstances, result, reason) => {
    expect(judgeCallFailure(failure, { ...quiet, ...circumstances })).toEqual({ result, reason });
  });
});
