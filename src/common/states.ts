/** Health states of product.md, worst first: the order in which a wall shows them. */
export const HEALTH_STATES = ['down', 'degraded', 'unverified', 'untested', 'unknown', 'in-use', 'maintenance', 'ready'] as const;
export type HealthState = (typeof HEALTH_STATES)[number];

export const TIERS = ['central', 'province', 'commune', 'ward'] as const;
export type Tier = (typeof TIERS)[number];

/** The four signals of a site, seen from the prober: `In` comes from the endpoint, `Out` goes to it. */
export const SIGNAL_NAMES = ['audioOut', 'audioIn', 'videoOut', 'videoIn'] as const;
export type SignalName = (typeof SIGNAL_NAMES)[number];
export const SIGNAL_STATES = ['flowing', 'poor', 'absent', 'unknown'] as const;
export type SignalState = (typeof SIGNAL_STATES)[number];
export type Signals = Record<SignalName, SignalState>;
