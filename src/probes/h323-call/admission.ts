import { err, ok, type Result } from '../../common/result.js';
import { type CallIds, newCallIds } from '../../protocols/h323/call-ids.js';
import type { Admission } from '../../protocols/h323/ras/ras-types.js';
import { onAbort } from '../abort.js';
import type { ProbeContext } from '../contract.js';
import { fail, inconclusive, type Verdict } from '../outcome.js';
import { judgeAdmission } from './admission.verdict.js';
import type { H323CallOptions } from './h323-call.options.js';
import type { Callee } from './h323-test-call.js';

type Deps = Pick<ProbeContext, 'gatekeepers' | 'scheduler' | 'random' | 'signal'>;
type Refusal = Verdict & { detail: Record<string, unknown> };

/** A call that a gatekeeper lets us make. */
export interface AdmittedCall {
  callee: Callee;
  /** absent: nobody was asked */
  admittedBy?: { gatekeeper: string; model: 'direct' | 'gatekeeperRouted' };
  /** DRQ: to be called when the call is over, however it went */
  release: () => void;
}

/**
 * Asks the endpoint's gatekeeper for the call (H.323 section 8.1.3): ARQ by the alias of the target, then SETUP to where it says,
 * with the identifiers that it knows the call by. It may send us to the endpoint itself, to the gatekeeper, which then routes
 * the signalling, or to whom the endpoint's own list names; to nobody else, whatever it says.
 */
export async function admit(callee: Callee, options: H323CallOptions, deps: Deps): Promise<Result<AdmittedCall, Refusal>> {
  const { gatekeeper, source, callRateKbps } = options;
  const { alias } = callee;
  if (!gatekeeper) return ok({ callee, release: () => undefined });
  const detail = { gatekeeper: gatekeeper.address };
  if (alias === undefined || !deps.gatekeepers) {
    const message =
      alias === undefined ? 'a gatekeeper is asked by name or number, and the target has none' : 'no registrations here';
    return err({ ...inconclusive('unavailable-here'), detail: { ...detail, message } });
  }
  const ids = newCallIds(deps.random);
  const wish = { alias, ...ids, bandwidthKbps: 2 * callRateKbps };
  const admission = await unlessAborted(deps.gatekeepers.admit({ ...gatekeeper, source }, wish), deps);
  if (admission.kind !== 'admitted') return err({ ...judgeAdmission(admission), detail: { ...detail, admission } });
  const { target, model, release } = admission;
  if (![callee.address, gatekeeper.address, ...options.followTo].includes(target.address)) {
    release();
    const message = `the gatekeeper sends the call to ${target.address}, which is not the endpoint's`;
    return err({ ...fail('redirected'), detail: { ...detail, message } });
  }
  return ok({ callee: calleeAt(target, callee, ids), admittedBy: { ...detail, model }, release });
}

const calleeAt = ({ address, port }: { address: string; port: number }, endpoint: Callee, ids: CallIds): Callee => ({
  ...{ address, port, ids, alias: endpoint.alias },
  mediaAddress: endpoint.address,
});

/** An answer that comes after the stop is taken back: the gatekeeper must not keep a call that nobody makes. */
function unlessAborted(asked: Promise<Admission>, { signal }: Pick<Deps, 'signal'>): Promise<Admission> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const cancel = onAbort(signal, () => {
      isOver = true;
      resolve({ kind: 'closed' });
    });
    asked.then((admission) => {
      cancel();
      if (!isOver) resolve(admission);
      else if (admission.kind === 'admitted') admission.release();
    }, reject);
  });
}
