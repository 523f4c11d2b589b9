import type { AppConfig } from '../config/app-config.js';
import type { Plan, PlanItem } from '../prober/messages.js';
import { isCallKind, PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { parseSipUri } from '../protocols/sip/uri.js';
import type { EndpointRecord } from './endpoint-record.js';
import { settingsFor } from './exceptions.js';
import { type EndpointProfile, limitsToTell, needsPicture, profileReader, type ProfileSettings } from './profiles.js';

const SIP_PORT = 5060;
const SIPS_PORT = 5061;
/** H.225.0 call signalling */
const H323_PORT = 1720;

type PlanConfig = Pick<AppConfig, 'probes' | 'exceptions' | 'prober' | 'vantage'> & ProfileSettings;
type TargetOf = (endpoint: EndpointRecord) => { target: string; options?: Record<string, unknown> } | undefined;

/** What each kind is aimed at; undefined: the endpoint is not probed in that way. */
const TARGETS: Record<ProbeKind, TargetOf> = {
  icmp: ({ address }) => ({ target: address }),
  tcp: (endpoint) => {
    const port = signallingPort(endpoint);
    return { target: endpoint.address, ...(port === undefined ? {} : { options: { port } }) };
  },
  'sip-options': ({ sipUri }) => (sipUri === null ? undefined : { target: sipUri }),
  'sip-call': ({ sipUri }) => (sipUri === null ? undefined : { target: sipUri }),
};

/** From the inventory and the configuration to the prober's orders. Pure; the order of the items is that of the endpoints. */
export function buildPlan(endpoints: EndpointRecord[], config: PlanConfig, revision: number): Plan {
  const { perArea, perCarrier, bandwidthKbps } = config.prober;
  const profileOf = profileReader(config);
  return {
    revision,
    vantage: config.vantage,
    items: endpoints.flatMap((endpoint) => {
      const profile = profileOf(endpoint);
      return PROBE_KINDS.flatMap((kind) => planItem(endpoint, kind, profile, config));
    }),
    concurrency: Object.fromEntries(PROBE_KINDS.map((kind) => [kind, config.probes[kind].concurrency])) as Plan['concurrency'],
    caps: { perArea, perCarrier, bandwidthKbps },
    icmpPace: {
      packetsPerSecond: config.probes.icmp.packetsPerSecond,
      packetsPerSecondPerArea: config.probes.icmp.packetsPerSecondPerArea,
    },
    firstRoundMs: config.prober.firstRoundSeconds * 1000,
    spoolHours: config.prober.spoolHours,
    orphanStopMs: config.prober.orphanStopSeconds * 1000,
  };
}

function planItem(endpoint: EndpointRecord, kind: ProbeKind, profile: EndpointProfile, config: PlanConfig): PlanItem[] {
  const aim = TARGETS[kind](endpoint);
  const { enabled, intervalSeconds, options } = settingsFor(endpoint, kind, config);
  if (!aim || !enabled) return [];
  return [
    {
      endpointId: endpoint.id,
      kind,
      target: aim.target,
      options: { ...(isCallKind(kind) ? callOptions(profile) : {}), ...options, ...aim.options },
      intervalMs: intervalSeconds * 1000,
      area: endpoint.area,
      carrier: endpoint.carrier,
      address: endpoint.address,
    },
  ];
}

/** A site that needs sound alone is called with sound alone, unless the settings want more; the limits are those of its profile. */
function callOptions(profile: EndpointProfile): Record<string, unknown> {
  const quality = limitsToTell(profile);
  return {
    ...(needsPicture(profile) ? {} : { video: false }),
    ...(Object.keys(quality).length > 0 ? { quality } : {}),
  };
}

/** What the inventory says of the port calls arrive at; undefined: nothing, and the configured one (5060) is tried. */
function signallingPort({ sipUri, h323 }: EndpointRecord): number | undefined {
  if (sipUri !== null) {
    const uri = parseSipUri(sipUri);
    if (!uri.ok) return SIP_PORT;
    const secure = uri.value.scheme === 'sips' || uri.value.params.transport?.toLowerCase() === 'tls';
    return uri.value.port ?? (secure ? SIPS_PORT : SIP_PORT);
  }
  if (h323 === null) return undefined;
  const port = /:(\d{1,5})$/.exec(h323.replace(/^h323:/i, ''))?.[1];
  return port === undefined ? H323_PORT : Number(port);
}
