import fc from 'fast-check';
import type { ProbeKind } from '../../probes/contract.js';
import type { Caps } from '../caps.js';
import type { Waiting } from '../flow.js';

const count = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined });
const kbps = fc.option(fc.constantFrom(100, 400, 1_600, 4_000), { nil: undefined });
const places = fc.record({ icmp: count, 'sip-call': count });

/** Caps for the areas north and south and the carriers one and two. */
export const capsArbitrary: fc.Arbitrary<Caps> = fc
  .record({ perArea: places, perCarrier: places, areaKbps: kbps, carrierKbps: kbps, south: kbps, two: kbps })
  .map(({ perArea, perCarrier, areaKbps, carrierKbps, south, two }) => ({
    perArea,
    perCarrier,
    bandwidthKbps: {
      perArea: areaKbps,
      perCarrier: carrierKbps,
      areas: south === undefined ? {} : { south },
      carriers: two === undefined ? {} : { two },
    },
  })) as fc.Arbitrary<Caps>;

type Run = Pick<Waiting<unknown>, 'demand' | 'occupies'>;

/** Which limits these runs exceed if all are under way, counted as plainly as can be; empty: none. */
export function excesses(running: Iterable<Run>, concurrency: Record<ProbeKind, number>, caps: Caps): string[] {
  const used = new Map<string, { sum: number; runs: number; limit: number }>();
  const add = (name: string, amount: number, limit = Infinity): void => {
    const known = used.get(name) ?? { sum: 0, runs: 0, limit };
    used.set(name, { sum: known.sum + amount, runs: known.runs + 1, limit });
  };
  const { perArea, perCarrier, areas, carriers } = caps.bandwidthKbps;
  for (const { demand, occupies } of running) {
    const { kind, area, carrier, kbps: load } = demand;
    add(`kind ${kind}`, 1, concurrency[kind]);
    for (const address of occupies) add(`address ${address}`, 1, 1);
    if (area !== '') add(`${kind} in ${area}`, 1, caps.perArea[kind]);
    if (carrier !== '') add(`${kind} over ${carrier}`, 1, caps.perCarrier[kind]);
    if (area !== '') add(`kbit/s in ${area}`, load, areas[area] ?? perArea);
    if (carrier !== '') add(`kbit/s over ${carrier}`, load, carriers[carrier] ?? perCarrier);
  }
  // a run larger than a whole budget may go, alone
  return [...used].filter(([, { sum, runs, limit }]) => sum > limit && runs > 1).map(([name]) => name);
}
