import { err, ok, type Result } from '../common/result.js';
import { isSingleHost, resolveHost } from '../net/host-address.js';
import type { PathFailure } from './reach.verdict.js';
import { type HostTarget, parseHostTarget, parseSipTarget, type SipTarget, type SipTargetDefaults } from './target.js';

const RESOLVE_TIMEOUT_MS = 3000;

export interface PathError {
  failure: PathFailure;
  message: string;
}

/** A target and the one address that a probe of it may speak to. */
export type Located<Target> = Target & { address: string };

export const locateHost = (target: string): Promise<Result<Located<HostTarget>, PathError>> => locate(parseHostTarget(target));
export const locateSip = (target: string, defaults?: SipTargetDefaults): Promise<Result<Located<SipTarget>, PathError>> =>
  locate(parseSipTarget(target, defaults));

async function locate<Target extends { host: string }>(target: Result<Target>): Promise<Result<Located<Target>, PathError>> {
  if (!target.ok) return err({ failure: 'bad-target', message: target.error });
  const resolved = await resolveHost(target.value.host, RESOLVE_TIMEOUT_MS);
  if (!resolved.ok) return err({ failure: 'unresolved', message: resolved.error });
  const { address } = resolved.value;
  if (!isSingleHost(resolved.value))
    return err({ failure: 'not-one-host', message: `${address} is not the address of one host` });
  return ok({ ...target.value, address });
}
