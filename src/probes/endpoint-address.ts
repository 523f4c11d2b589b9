import { type MaybePromise, whenKnown } from '../common/maybe-promise.js';
import { err, ok, type Result } from '../common/result.js';
import { type HostAddress, isSingleHost, resolveHost } from '../net/host-address.js';
import type { PathFailure } from './reach.verdict.js';
import {
  type H323Target,
  type HostTarget,
  parseH323Target,
  parseHostTarget,
  parseSipTarget,
  type SipTarget,
  type SipTargetDefaults,
} from './target.js';

const RESOLVE_TIMEOUT_MS = 3000;

export interface PathError {
  failure: PathFailure;
  message: string;
}

/** A target and the one address that a probe of it may speak to. */
export type Located<Target> = Target & { address: string };

type Location<Target> = Result<Located<Target>, PathError>;

export const locateHost = (target: string): MaybePromise<Location<HostTarget>> => locate(parseHostTarget(target));
export const locateH323 = (target: string): MaybePromise<Location<H323Target>> => locate(parseH323Target(target));
export const locateSip = (target: string, defaults?: SipTargetDefaults): MaybePromise<Location<SipTarget>> =>
  locate(parseSipTarget(target, defaults));

function locate<Target extends { host: string }>(target: Result<Target>): MaybePromise<Location<Target>> {
  if (!target.ok) return err({ failure: 'bad-target', message: target.error });
  return whenKnown(resolveHost(target.value.host, RESOLVE_TIMEOUT_MS), (resolved) => locatedAt(target.value, resolved));
}

function locatedAt<Target>(target: Target, resolved: Result<HostAddress>): Location<Target> {
  if (!resolved.ok) return err({ failure: 'unresolved', message: resolved.error });
  const { address } = resolved.value;
  if (!isSingleHost(resolved.value))
    return err({ failure: 'not-one-host', message: `${address} is not the address of one host` });
  return ok({ ...target, address });
}
