import type { EndpointView, MonitorStatus, Snapshot } from '../../live/feed-events.js';

const unknown = { audioOut: 'unknown', audioIn: 'unknown', videoOut: 'unknown', videoIn: 'unknown' } as const;
export const WELL: MonitorStatus = { simulated: false, prober: 'up', database: 'up', calls: 'running', stop: null };

/** A complete endpoint for specs; only what a spec is about is named there. */
export function endpoint(part: Partial<EndpointView> & { id: string }): EndpointView {
  return {
    siteCode: part.id,
    siteName: `Xã ${part.id}`,
    formerNames: '',
    tier: 'commune',
    area: 'Phú Thọ',
    carrier: 'VNPT',
    address: '127.1.0.1',
    ordinal: 1,
    lat: null,
    lon: null,
    contactName: '',
    contactPhone: '',
    profile: 'video-room',
    needs: ['audioOut', 'audioIn', 'videoOut', 'videoIn'],
    state: 'untested',
    reason: null,
    signals: unknown,
    since: null,
    checkedAt: null,
    mediaCheckedAt: null,
    rttMs: null,
    lossRatio: null,
    mos: null,
    probes: {},
    flapping: false,
    unlikeItself: null,
    maintenance: null,
    monitorBlind: false,
    ...part,
  };
}

export function snapshot(seq: number, endpoints: EndpointView[], part: Partial<Snapshot> = {}): Snapshot {
  return {
    seq,
    at: '2026-11-23T00:00:00.000Z',
    endpoints,
    sessions: [],
    incidents: [],
    simulated: false,
    monitor: WELL,
    ...part,
  };
}
