import type { EndpointRecord } from '../inventory/endpoint-record.js';
import type { EndpointProfile } from '../inventory/profiles.js';
import type { EndpointView } from './endpoint-view.js';
import { NO_SIGNALS } from './state-machine.js';

/** Of an endpoint of which nothing is known yet. */
export const emptyView = (record: EndpointRecord, { name, needs }: EndpointProfile): EndpointView => ({
  id: record.id,
  siteCode: record.siteCode,
  siteName: record.siteName,
  formerNames: record.formerNames,
  tier: record.tier,
  area: record.area,
  carrier: record.carrier,
  address: record.address,
  ordinal: record.ordinal,
  lat: record.lat,
  lon: record.lon,
  contactName: record.contactName,
  contactPhone: record.contactPhone,
  profile: name,
  needs,
  state: 'untested',
  reason: null,
  signals: NO_SIGNALS,
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
});
