import type { EndpointView } from '../health/endpoint-view.js';
import { emptyView } from '../health/empty-view.js';
import { VIDEO_ROOM } from '../inventory/profiles.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import type { Observation } from '../probes/contract.js';
import { factsOf } from './facts.js';

const refused = { result: 'inconclusive', reason: 'aborted', at: '2026-11-23T01:00:00.000Z', durationMs: 0 } as const;
const troubleOf = (part: Partial<EndpointView>, lastCall?: Observation['result']) => {
  const view = { ...emptyView(endpointOf({}), VIDEO_ROOM), ...part };
  const call = () => (lastCall ? ({ result: lastCall } as Observation) : undefined);
  return factsOf([view], { ping: () => undefined, call })[0]?.trouble;
};

describe('a site whose last call has grown old', () => {
  const old = { state: 'unverified', reason: 'ok' } as const;

  it('is in no trouble while calls rest on our own order, if that call was good', () => {
    expect(troubleOf({ ...old, probes: { 'sip-call': refused } }, 'pass')).toBeNull();
  });

  it('stays in trouble if that call had failed: nothing says that it is mended', () => {
    expect(troubleOf({ ...old, probes: { 'sip-call': refused } }, 'fail')).toBe('failing');
  });

  it('is in trouble where nobody ordered calls to rest', () => {
    expect(troubleOf({ ...old, probes: {} }, 'pass')).toBe('failing');
  });

  it('is in trouble for what its signalling says, whatever rests', () => {
    expect(troubleOf({ state: 'unverified', reason: 'not-found', probes: { 'sip-call': refused } }, 'pass')).toBe('failing');
  });
});
