// Endpoints as the feed sends them, with everything that a working one has: their size is what a feed costs.
import { madeEndpoints } from '../../../dist/lab/endpoints/endpoint-list.js';

const STATES = ['ready', 'ready', 'ready', 'degraded', 'down', 'in-use', 'unverified'];
const AREAS = 34;
const flowing = { audioOut: 'flowing', audioIn: 'flowing', videoOut: 'flowing', videoIn: 'flowing' };

export function looks(state) {
  const at = new Date().toISOString();
  const reason = state === 'ready' ? 'ok' : state === 'in-use' ? 'busy' : 'no-answer';
  return { state, reason, signals: flowing, since: at, checkedAt: at, mediaCheckedAt: at, rttMs: 14, lossRatio: 0, mos: 4.4 };
}

export const nextLooks = (turn) => looks(STATES[turn % STATES.length]);

export function feedEndpoints(count) {
  const probe = { result: 'pass', reason: 'ok', at: new Date().toISOString(), durationMs: 900, rttMs: 14.2, lossRatio: 0 };
  return madeEndpoints(count).map(({ address, code }, index) => ({
    id: `${code}-1`,
    siteCode: code,
    siteName: `Xã ${code}`,
    tier: 'commune',
    area: `Khu vực ${index % AREAS}`,
    carrier: index % 2 ? 'VNPT' : 'Viettel',
    address,
    needs: Object.keys(flowing),
    ordinal: 1,
    lat: 21 + (index % 7) / 10,
    lon: 105 + (index % 11) / 10,
    contactName: 'Nguyễn Văn A',
    contactPhone: '0900000000',
    ...looks('ready'),
    probes: { icmp: probe, 'sip-options': probe, 'sip-call': probe },
    flapping: false,
    unlikeItself: null,
    maintenance: null,
    monitorBlind: false,
  }));
}
