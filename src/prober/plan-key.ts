import type { ProbeKind } from '../probes/contract.js';

/** One endpoint and one probe kind: what is planned, queued and run as one thing. A kind holds no colon, so keys are unique. */
export const planKey = (of: { endpointId: string; kind: ProbeKind }): string => `${of.kind}:${of.endpointId}`;
