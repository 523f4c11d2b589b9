import type { H323Failure } from '../../protocols/h323/call-types.js';
import { judgeH323Failure } from './h323-failure.verdict.js';

const SEEN = { alerted: false, encryption: false };
const released = (cause?: number, reason?: string): H323Failure => ({ kind: 'released', cause, reason });
const forwarded = (reason: 'callForwarded' | 'routeCallToGatekeeper' | 'routeCallToMC'): H323Failure => ({
  kind: 'forwarded',
  reason,
});

describe(judgeH323Failure.name, () => {
  it.each<[string, H323Failure, Partial<typeof SEEN & { cause: number }>, string]>([
    ['cause 17 without a reason', released(17), {}, 'inconclusive busy'],
    ['inConf without a cause', released(undefined, 'inConf'), {}, 'inconclusive busy'],
    ['adaptiveBusy', released(undefined, 'adaptiveBusy'), {}, 'inconclusive busy'],
    ['inConf beside the cause of a full bridge', released(34, 'inConf'), {}, 'inconclusive busy'],
    ['cause 17 beside another reason', released(17, 'destinationRejection'), {}, 'inconclusive busy'],
    ['cause 21', released(21), {}, 'inconclusive declined'],
    ['destinationRejection', released(undefined, 'destinationRejection'), {}, 'inconclusive declined'],
    ['cause 42', released(42), {}, 'fail resource-limit'],
    ['cause 47', released(47), {}, 'fail resource-limit'],
    ['noBandwidth beside a cause that says nothing', released(16, 'noBandwidth'), {}, 'fail resource-limit'],
    ['gatewayResources', released(undefined, 'gatewayResources'), {}, 'fail resource-limit'],
    ['a cause beside undefinedReason', released(41, 'undefinedReason'), {}, 'fail resource-limit'],
    ['gatekeeperResources', released(undefined, 'gatekeeperResources'), {}, 'fail gatekeeper-policy'],
    ['callerNotRegistered', released(undefined, 'callerNotRegistered'), {}, 'fail gatekeeper-policy'],
    ['unreachableGatekeeper', released(undefined, 'unreachableGatekeeper'), {}, 'fail gatekeeper-policy'],
    ['securityDenied', released(undefined, 'securityDenied'), {}, 'fail encryption-required'],
    ['a plain end of one that spoke of encryption', released(16), { encryption: true }, 'fail encryption-required'],
    ['busy, though it spoke of encryption', released(17), { encryption: true }, 'inconclusive busy'],
    ['an unknown number', released(1), {}, 'fail not-found'],
    ['badFormatAddress', released(undefined, 'badFormatAddress'), {}, 'fail not-found'],
    ['no user responding, said by a gateway', released(18), {}, 'fail no-answer'],
    ['nobody picked up, said by a gateway', released(19), {}, 'inconclusive not-auto-answering'],
    ['an end without any word', released(), {}, 'inconclusive declined'],
    [
      'an end without any word, after ringing',
      released(0, 'undefinedReason'),
      { alerted: true },
      'inconclusive not-auto-answering',
    ],
    ['no answer to SETUP', { kind: 'hung', after: 'setup' }, {}, 'fail signalling-hung'],
    ['silence behind CALL PROCEEDING', { kind: 'hung', after: 'proceeding' }, {}, 'fail signalling-hung'],
    ['a silent H.245', { kind: 'h245-hung', waitingFor: 'capabilities' }, {}, 'fail signalling-hung'],
    ['ringing for too long', { kind: 'rang-out' }, { alerted: true }, 'inconclusive not-auto-answering'],
    ['a forward', forwarded('callForwarded'), {}, 'fail redirected'],
    ['a forward of one that is engaged', forwarded('callForwarded'), { cause: 17 }, 'inconclusive busy'],
    ['a forward to a conference', forwarded('routeCallToMC'), {}, 'fail redirected'],
    ['a forward to the gatekeeper', forwarded('routeCallToGatekeeper'), {}, 'fail gatekeeper-policy'],
    ['a firewall before H.245', { kind: 'h245-blocked', failure: 'timeout' }, {}, 'fail h245-blocked'],
    ['nothing in common', { kind: 'no-common-codec' }, {}, 'fail codec-mismatch'],
    ['nothing in common in clear', { kind: 'no-common-codec' }, { encryption: true }, 'fail encryption-required'],
    ['a connection that breaks', { kind: 'transport', failure: 'reset' }, {}, 'fail refused'],
    ['no H.323 at all', { kind: 'protocol', message: 'not-tpkt' }, {}, 'fail protocol-error'],
  ])('%s', (_what, failure, seen, expected) => {
    const { result, reason } = judgeH323Failure(failure, { ...SEEN, ...seen });
    expect(`${result} ${reason}`).toBe(expected);
  });
});
