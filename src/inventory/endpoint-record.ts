import type { Tier } from '../common/states.js';

/** One endpoint with everything the inventory knows of it and of its site, flat as in the file. Texts not given are ''. */
export interface EndpointRecord {
  /** `${siteCode}-${ordinal}`; stays when names, addresses or lines change */
  id: string;
  /** the official unit code: the key of the site */
  siteCode: string;
  siteName: string;
  /** what people still call it since units were merged; the search finds it by them */
  formerNames: string;
  tier: Tier;
  area: string;
  carrier: string;
  circuitId: string;
  /** IPv4, IPv6 or host name */
  address: string;
  /** set: the SIP probes are on */
  sipUri: string | null;
  /** an h323 URL or `yes`; set: the H.323 probes are on */
  h323: string | null;
  /** 1 = main, 2... = backups, in the order of the file */
  ordinal: number;
  contactName: string;
  contactPhone: string;
  deputyName: string;
  deputyPhone: string;
  model: string;
  lat: number | null;
  lon: number | null;
  note: string;
}

export const endpointId = (siteCode: string, ordinal: number): string => `${siteCode}-${ordinal}`;
