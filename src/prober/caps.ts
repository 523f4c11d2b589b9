import { z } from 'zod';
import { PROBE_KINDS, type ProbeKind } from '../probes/contract.js';

const places = z.partialRecord(z.enum(PROBE_KINDS), z.number().int().positive());
const kbps = z.number().positive();

/** How much may be under way at once within one area and over one carrier; what is not named is not limited. */
export const capsSchema = z.strictObject({
  perArea: places,
  perCarrier: places,
  /** sum of `runLoadKbps` under way, for each area and each carrier; by name where one differs */
  bandwidthKbps: z.strictObject({
    perArea: kbps.optional(),
    perCarrier: kbps.optional(),
    areas: z.record(z.string(), kbps),
    carriers: z.record(z.string(), kbps),
  }),
});
export type Caps = z.infer<typeof capsSchema>;

export const NO_CAPS: Caps = { perArea: {}, perCarrier: {}, bandwidthKbps: { areas: {}, carriers: {} } };

export type CapScope = 'area' | 'carrier';

/** What one run asks of the line. */
export interface Demand {
  kind: ProbeKind;
  area: string;
  carrier: string;
  kbps: number;
}

/** One limited thing: the places of a kind, or the bandwidth, within one area or carrier. */
export interface CapKey {
  scope: CapScope;
  name: string;
  unit: ProbeKind | 'kbps';
}

export const capacityOf = (caps: Caps, { scope, name, unit }: CapKey): number => {
  const perScope = scope === 'area' ? caps.perArea : caps.perCarrier;
  if (unit !== 'kbps') return perScope[unit] ?? Infinity;
  const { perArea, perCarrier, areas, carriers } = caps.bandwidthKbps;
  const [byName, general] = scope === 'area' ? [areas, perArea] : [carriers, perCarrier];
  return (Object.hasOwn(byName, name) ? byName[name] : general) ?? Infinity;
};

/** The caps a run is held to and how much it takes of each, the area's first. An endpoint that names no area (carrier) has none. */
export function claimsOf({ kind, area, carrier, kbps: load }: Demand): { key: CapKey; amount: number }[] {
  const scopes: [CapScope, string][] = [
    ['area', area],
    ['carrier', carrier],
  ];
  return scopes
    .filter(([, name]) => name !== '')
    .flatMap(([scope, name]) => [
      { key: { scope, name, unit: kind }, amount: 1 },
      { key: { scope, name, unit: 'kbps' as const }, amount: load },
    ]);
}
