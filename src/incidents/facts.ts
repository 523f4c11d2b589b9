import type { HealthState } from '../common/states.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { CALL_KINDS, type Observation } from '../probes/contract.js';
import type { EndpointFact, GroupKind, Trouble } from './cause.js';

/**
 * Which states belong to an incident. In a meeting and in maintenance is explained; what was never tested says nothing yet. All
 * others are in exactly one open incident.
 */
const TROUBLE_OF = {
  down: 'failing',
  degraded: 'failing',
  unverified: 'failing',
  unknown: 'unseen',
  untested: null,
  'in-use': null,
  maintenance: null,
  ready: null,
} as const satisfies Record<HealthState, Trouble | null>;

/** They neither fail nor are they well: they must not make a group look better than it is. */
const SAYS_NOTHING: ReadonlySet<HealthState> = new Set<HealthState>(['untested', 'maintenance']);

export interface LastOutcomes {
  ping(endpointId: string): Observation | undefined;
  /** that said something of the endpoint, however old */
  call(endpointId: string): Observation | undefined;
}

export function factsOf(views: readonly EndpointView[], last: LastOutcomes): EndpointFact[] {
  const shared = sharedAddresses(views);
  return views
    .filter(({ state }) => !SAYS_NOTHING.has(state))
    .map((view) => ({
      id: view.id,
      trouble: restsByOrder(view) && last.call(view.id)?.result === 'pass' ? null : TROUBLE_OF[view.state],
      sinceMs: view.since === null ? 0 : Date.parse(view.since),
      groups: groupsOf(view, shared, last.ping(view.id)),
    }));
}

/**
 * Its last call has only grown old, since calls rest on our own order (a session, quiet hours, the global stop) and are refused with
 * each round. Where that call was good nothing has failed: otherwise every site of a session had an incident of its own 45 minutes
 * after calls stopped.
 */
const restsByOrder = ({ state, reason, probes }: EndpointView): boolean =>
  state === 'unverified' && reason === 'ok' && CALL_KINDS.some((kind) => probes[kind]?.reason === 'aborted');

function groupsOf(
  view: EndpointView,
  shared: ReadonlySet<string>,
  ping: Observation | undefined,
): Partial<Record<GroupKind, string>> {
  const node = lastAnsweringHop(ping, view.address);
  return {
    tier: view.tier,
    ...(view.area ? { area: view.area } : {}),
    ...(view.carrier ? { carrier: view.carrier } : {}),
    ...(shared.has(view.address) ? { mcu: view.address } : {}),
    ...(node === undefined ? {} : { upstream: node }),
  };
}

/** Rooms of one MCU share its address. */
function sharedAddresses(views: readonly EndpointView[]): Set<string> {
  const seen = new Set<string>();
  const shared = new Set<string>();
  for (const { address } of views) (seen.has(address) ? shared : seen).add(address);
  return shared;
}

/** The last node that still answered on the way to an endpoint that did not (trace of the failed ping). */
function lastAnsweringHop(ping: Observation | undefined, address: string): string | undefined {
  const trace = ping?.evidence?.trace;
  if (!Array.isArray(trace)) return undefined;
  const last = (trace as { address?: unknown }[]).findLast((hop) => typeof hop?.address === 'string')?.address;
  return typeof last === 'string' && last !== address ? last : undefined;
}
