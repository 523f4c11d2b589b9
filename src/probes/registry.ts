import { prettifyError } from 'zod';
import { err, ok, type Result } from '../common/result.js';
import type { Probe, ProbeKind } from './contract.js';
import { h323CallProbe } from './h323-call/h323-call.probe.js';
import { h323PingProbe } from './h323-ping/h323-ping.probe.js';
import { icmpProbe } from './icmp/icmp.probe.js';
import { sipCallProbe } from './sip-call/sip-call.probe.js';
import { sipOptionsProbe } from './sip-options/sip-options.probe.js';
import { tcpProbe } from './tcp/tcp.probe.js';

/** Every probe. A kind without a line here does not compile. */
export const PROBES = {
  icmp: icmpProbe,
  tcp: tcpProbe,
  'sip-options': sipOptionsProbe,
  'h323-ping': h323PingProbe,
  'sip-call': sipCallProbe,
  'h323-call': h323CallProbe,
} satisfies { [K in ProbeKind]: Probe<K> };

/** A probe by its name, for those who hold options that were checked elsewhere. */
export const probeOf = (kind: ProbeKind): Probe<ProbeKind> => PROBES[kind];

/** Checks options of configuration or command line and fills in the defaults; the error names every bad key. */
export function parseProbeOptions(kind: ProbeKind, options: unknown): Result<unknown> {
  const parsed = PROBES[kind].options.safeParse(options ?? {});
  return parsed.success ? ok(parsed.data) : err(prettifyError(parsed.error));
}
