import type { AppConfig } from '../config/app-config.js';
import type { Plan, PlanItem } from '../prober/messages.js';
import { type CallKind, isCallKind, PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { parseSipUri } from '../protocols/sip/uri.js';
import type { EndpointRecord } from './endpoint-record.js';
import { protocolsFor, settingsFor } from './exceptions.js';
import { type EndpointProfile, limitsToTell, needsPicture, profileReader, type ProfileSettings } from './profiles.js';

const SIP_PORT = 5060;
const SIPS_PORT = 5061;
/** H.225.0 call signalling */
const H323_PORT = 1720;

type PlanConfig = Pick<AppConfig, 'probes' | 'bothProtocols' | 'exceptions' | 'prober' | 'vantage'> & ProfileSettings;
type TargetOf = (endpoint: EndpointRecord) => { target: string; options?: Record<string, unknown> } | undefined;

/** What each kind is aimed at; undefined: the endpoint is not probed in that way. */
const TARGETS: Record<ProbeKind, TargetOf> = {
  icmp: ({ address }) => ({ target: address }),
  tcp: (endpoint) => {
    const port = signallingPort(endpoint);
    return { target: endpoint.address, ...(port === undefined ? {} : { options: { port } }) };
  },
  'sip-options': ({ sipUri }) => (sipUri === null ? undefined : { target: sipUri }),
  'h323-ping': h323Target,
  'sip-call': ({ sipUri }) => (sipUri === null ? undefined : { target: sipUri }),
  'h323-call': h323Target,
};

/** `yes`: at its own address, as is an alias without a host (`h323:84210@`). */
function h323Target({ h323, address }: EndpointRecord): { target: string } | undefined {
  if (h323 === null) return undefined;
  if (h323 === 'yes') return { target: address };
  return { target: h323.endsWith('@') ? `${h323}${address}` : h323 };
}

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
  const aim = aimOf(endpoint, kind, profile, config);
  if (!aim) return [];
  const fallBack = isCallKind(kind) ? otherCall(endpoint, kind, profile, config) : undefined;
  if (fallBack === 'preferred') return [];
  return [
    {
      endpointId: endpoint.id,
      ...aim,
      area: endpoint.area,
      carrier: endpoint.carrier,
      address: endpoint.address,
      ...(fallBack && { fallBack }),
    },
  ];
}

type Aim = Pick<PlanItem, 'kind' | 'target' | 'options' | 'intervalMs'>;

function aimOf(endpoint: EndpointRecord, kind: ProbeKind, profile: EndpointProfile, config: PlanConfig): Aim | undefined {
  const aim = TARGETS[kind](endpoint);
  const { enabled, intervalSeconds, options } = settingsFor(endpoint, kind, config);
  if (!aim || !enabled) return undefined;
  const all = { ...(isCallKind(kind) ? callOptions(profile) : {}), ...options, ...aim.options };
  return { kind, target: aim.target, options: all, intervalMs: intervalSeconds * 1000 };
}

const OTHER_CALL: Record<CallKind, CallKind> = { 'sip-call': 'h323-call', 'h323-call': 'sip-call' };

/**
 * An endpoint that speaks both protocols is called by one of them: two test calls would ring its room twice. The other is what
 * the call may fall back to; `preferred`: it takes the place of this one.
 */
function otherCall(
  endpoint: EndpointRecord,
  kind: CallKind,
  profile: EndpointProfile,
  config: PlanConfig,
): PlanItem['fallBack'] | 'preferred' {
  const otherKind = OTHER_CALL[kind];
  const other = aimOf(endpoint, otherKind, profile, config);
  if (!other) return undefined;
  const { prefer, fallBack } = protocolsFor(endpoint, config);
  if (otherKind === `${prefer}-call`) return 'preferred';
  return fallBack ? { kind: otherKind, target: other.target, options: other.options } : undefined;
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
