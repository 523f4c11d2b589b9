import { endpoint, snapshot, WELL } from '../testing/endpoint.js';
import { sessionOf } from '../testing/session.js';
import { applyDelta, applySnapshot, type FeedState } from './feed-state.js';

const at = '2026-11-23T00:00:01.000Z';
const start = (...ids: string[]): FeedState =>
  applySnapshot(
    null,
    snapshot(
      7,
      ids.map((id) => endpoint({ id })),
    ),
  ).state;

describe('feed state', () => {
  it('takes a delta that follows and names what it touched', () => {
    const before = start('a', 'b');
    const step = applyDelta(before, { seq: 8, at, endpoints: [endpoint({ id: 'a', state: 'down' })] });
    if (step.kind !== 'applied') throw new Error(step.kind);
    expect(step.state.seq).toBe(8);
    expect(step.state.endpoints.get('a')?.state).toBe('down');
    expect(step.touched.map((view) => view.id)).toEqual(['a']);
    expect(before.endpoints.get('a')?.state).toBe('untested');
  });

  it('sees a gap and changes nothing', () => {
    expect(applyDelta(start('a'), { seq: 9, at, removed: ['a'] })).toEqual({ kind: 'gap' });
  });

  it('ignores what the snapshot already contains, and what comes before the first snapshot', () => {
    expect(applyDelta(start('a'), { seq: 7, at, removed: ['a'] })).toEqual({ kind: 'ignored' });
    expect(applyDelta(null, { seq: 1, at, removed: ['a'] })).toEqual({ kind: 'ignored' });
  });

  it('adds an endpoint it did not know and forgets one that left, but not one it never had', () => {
    const step = applyDelta(start('a'), { seq: 8, at, endpoints: [endpoint({ id: 'new' })], removed: ['a', 'stranger'] });
    if (step.kind !== 'applied') throw new Error(step.kind);
    expect([...step.state.endpoints.keys()]).toEqual(['new']);
    expect(step.removed).toEqual(['a']);
  });

  it('replaces everything by a snapshot, also after the server began to count anew', () => {
    const step = applySnapshot(start('a', 'b'), snapshot(0, [endpoint({ id: 'b' }), endpoint({ id: 'c' })]));
    expect(step.state.seq).toBe(0);
    expect(step.removed).toEqual(['a']);
    expect([...step.state.endpoints.keys()]).toEqual(['b', 'c']);
  });

  it('merges sessions by id and takes the monitor status', () => {
    const before = applySnapshot(null, snapshot(1, [], { sessions: [sessionOf({ id: 's1', title: 'A' })] })).state;
    const sessions = [sessionOf({ id: 's1', title: 'B' }), sessionOf({ id: 's2', title: 'C' })];
    const step = applyDelta(before, { seq: 2, at, sessions, monitor: { ...WELL, prober: 'down' } });
    if (step.kind !== 'applied') throw new Error(step.kind);
    expect(step.state.sessions).toEqual(sessions);
    expect(step.state.monitor.prober).toBe('down');
  });
});
