import { judgeAdmission, type NotAdmitted } from './admission.verdict.js';

const refused = (reason: string, step: 'discovery' | 'registration' | 'admission' = 'admission'): NotAdmitted => ({
  kind: 'refused',
  step,
  reason,
});

describe(judgeAdmission.name, () => {
  it.each<[string, NotAdmitted, string]>([
    ['a number that nobody has registered', refused('calledPartyNotRegistered'), 'fail not-found'],
    ['a number that is not whole', refused('incompleteAddress'), 'fail not-found'],
    ['a number without a way to it', refused('noRouteToDestination'), 'fail not-found'],
    ['a number that is nobody’s', refused('unallocatedNumber'), 'fail not-found'],
    ['no bandwidth left', refused('resourceUnavailable'), 'fail resource-limit'],
    ['too many calls', refused('exceedsCallCapacity'), 'fail resource-limit'],
    ['no permission', refused('requestDenied'), 'fail gatekeeper-policy'],
    ['a reason of its own', refused('undefinedReason'), 'fail gatekeeper-policy'],
    ['we may not register', refused('securityDenial', 'registration'), 'fail gatekeeper-policy'],
    ['a lack of room for us, not for the call', refused('resourceUnavailable', 'registration'), 'fail gatekeeper-policy'],
    ['it takes no terminals', refused('terminalExcluded', 'discovery'), 'fail gatekeeper-policy'],
    ['silence', { kind: 'no-answer', step: 'discovery' }, 'inconclusive unavailable-here'],
    ['a stop meanwhile', { kind: 'closed' }, 'inconclusive aborted'],
  ])('%s', (_what, admission, expected) => {
    const { result, reason } = judgeAdmission(admission);
    expect(`${result} ${reason}`).toBe(expected);
  });
});
