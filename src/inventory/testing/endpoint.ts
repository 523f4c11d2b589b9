import type { EndpointRecord } from '../endpoint-record.js';

/** An endpoint as a short row of the inventory makes it. */
export const endpointOf = (given: Partial<EndpointRecord>): EndpointRecord => ({
  id: '04792-1',
  siteCode: '04792',
  siteName: 'Phường Tân Hòa',
  formerNames: '',
  tier: 'ward',
  area: 'Hòa Bình',
  carrier: 'VNPT',
  circuitId: '',
  address: '10.1.2.3',
  sipUri: null,
  h323: null,
  ordinal: 1,
  contactName: '',
  contactPhone: '',
  deputyName: '',
  deputyPhone: '',
  model: '',
  lat: null,
  lon: null,
  note: '',
  ...given,
});
