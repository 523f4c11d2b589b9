import { ManualScheduler } from '../common/manual-scheduler.js';
import type { EndpointView, MonitorStatus } from './feed-events.js';
import { LiveFeed } from './live-feed.js';

const endpoint = (id: string, state: EndpointView['state'] = 'ready'): EndpointView => ({ id, state }) as EndpointView;
const monitor: MonitorStatus = { simulated: false, prober: 'up', database: 'up', calls: 'running', stop: null };

const setup = () => {
  const endpoints = [endpoint('a-1'), endpoint('b-1')];
  const sut = new LiveFeed(new ManualScheduler(), () => ({ endpoints, sessions: [], incidents: [], monitor }));
  return { sut, endpoints };
};

describe(LiveFeed.name, () => {
  it('sends nothing when nothing changed', () => {
    const { sut } = setup();
    expect(sut.takeDelta()).toBeNull();
    expect(sut.snapshot()).toMatchObject({ seq: 0, simulated: false, sessions: [], incidents: [] });
  });

  it('raises seq by one with each delta and lets a snapshot continue the same numbers', () => {
    const { sut } = setup();
    for (const seq of [1, 2, 3]) {
      sut.endpointsChanged([endpoint('a-1', 'down')], []);
      expect(sut.takeDelta()?.seq).toBe(seq);
    }
    expect(sut.snapshot().seq).toBe(3);
  });

  it('sends only the last view of an endpoint that changed twice', () => {
    const { sut } = setup();
    sut.endpointsChanged([endpoint('a-1', 'down')], []);
    sut.endpointsChanged([endpoint('a-1', 'degraded')], []);
    expect(sut.takeDelta()?.endpoints).toEqual([endpoint('a-1', 'degraded')]);
    expect(sut.takeDelta()).toBeNull();
  });

  it('does not resurrect an endpoint that changed and then left', () => {
    const { sut } = setup();
    sut.endpointsChanged([endpoint('b-1', 'down')], []);
    sut.endpointsChanged([], ['b-1']);
    const delta = sut.takeDelta();
    expect(delta).toMatchObject({ removed: ['b-1'] });
    expect(delta).not.toHaveProperty('endpoints');
  });

  it('tells of the monitor itself', () => {
    const { sut } = setup();
    sut.monitorStatusChanged();
    expect(sut.takeDelta()).toEqual(expect.objectContaining({ seq: 1, monitor }));
  });
});
