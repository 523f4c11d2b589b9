import fc from 'fast-check';
import { causeKey, type EndpointFact } from './cause.js';
import { type Assignment, correlate, type OpenCause } from './correlator.js';
import { breakDown, fleet, mend, MINUTE_MS } from './testing/fleet.js';

const names = (assignments: readonly Assignment[]): string[] =>
  assignments.map(({ cause, members }) => `${cause.kind} ${cause.name}: ${members.length}`);
const asOpen = (assignments: readonly Assignment[], startedMs: number): OpenCause[] =>
  assignments.map(({ cause, members }) => ({ cause, startedMs, members: new Set(members) }));
const of = (kind: 'carrier' | 'area' | 'upstream', name: string) => (fact: EndpointFact) => fact.groups[kind] === name;
const see = (facts: readonly EndpointFact[], open: readonly OpenCause[] = []): Assignment[] => correlate(facts, open, 'province');

describe(correlate.name, () => {
  it('has nothing to say of a fleet that is well', () => expect(see(fleet())).toEqual([]));

  it('finds one carrier and five strays', () => {
    const strays = new Set([1, 2, 10, 19, 20]);
    const old = breakDown(fleet(), (_fact, index) => strays.has(index), 0);
    const facts = breakDown(old, of('carrier', 'Viettel'), 60 * MINUTE_MS);
    const seen = names(see(facts));
    expect(seen[0]).toMatch(/^carrier Viettel: 4\d$/);
    expect(seen.slice(1).every((one) => one.startsWith('endpoint '))).toBe(true);
    expect(seen).toHaveLength(6);
  });

  it('takes the smallest group that explains the failures', () => {
    expect(names(see(breakDown(fleet(), of('upstream', '10.9.9.9'), 0)))).toEqual(['upstream 10.9.9.9: 15']);
  });

  it('tells two causes apart', () => {
    const facts = breakDown(breakDown(fleet(), of('area', 'area 1'), 0), of('upstream', '10.9.9.9'), 2 * MINUTE_MS);
    expect(names(see(facts))).toEqual(['area area 1: 50', 'upstream 10.9.9.9: 10']);
  });

  it('leaves failures that are spread by chance alone', () => {
    const facts = breakDown(fleet(), (_fact, index) => index % 13 === 5, 0);
    expect(see(facts).every(({ cause }) => cause.kind === 'endpoint')).toBe(true);
  });

  it('makes no cause of failures that came over a day', () => {
    let facts = fleet();
    for (let index = 0; index < 150; index += 10)
      facts = breakDown(facts, (_fact, at) => at === index + 4, index * 10 * MINUTE_MS);
    expect(see(facts).every(({ cause }) => cause.kind === 'endpoint')).toBe(true);
  });

  it('blames the vantage when nearly everything fails, whatever it belongs to', () => {
    expect(names(see(breakDown(fleet(), (_fact, index) => index % 20 !== 0, 0)))).toEqual(['vantage province: 142']);
  });

  it('blames a carrier that has most of the sites for their failure, not the vantage', () => {
    const facts = breakDown(fleet(), of('carrier', 'VNPT'), 0);
    expect(names(see(facts))).toEqual([`carrier VNPT: ${facts.filter(of('carrier', 'VNPT')).length}`]);
  });

  it('widens: a carrier first, then everything', () => {
    const cut = breakDown(fleet(), of('carrier', 'Viettel'), 0);
    const open = asOpen(see(cut), 0);
    expect(
      names(
        see(
          breakDown(cut, () => true, 5 * MINUTE_MS),
          open,
        ),
      ),
    ).toEqual(['vantage province: 150']);
  });

  it('clears in parts: the carrier that is still away is named', () => {
    const all = breakDown(fleet(), () => true, 0);
    const open = asOpen(see(all), 0);
    const half = mend(all, of('carrier', 'VNPT'));
    expect(names(see(half, open))).toEqual([`carrier Viettel: ${half.filter(({ trouble }) => trouble).length}`]);
  });

  it('keeps an open cause while its members recover, and gives the last one an incident of its own', () => {
    const cut = breakDown(fleet(), of('upstream', '10.9.9.9'), 0);
    const open = asOpen(see(cut), 0);
    const five = mend(cut, (_fact, index) => index > 50);
    expect(names(see(five, open))).toEqual(['upstream 10.9.9.9: 5']);
    const one = mend(cut, (_fact, index) => index > 4);
    expect(names(see(one, open))).toEqual(['endpoint e4: 1']);
  });

  it('takes what fails later through an open cause', () => {
    const part = breakDown(fleet(), (fact, index) => of('upstream', '10.9.9.9')(fact) && index < 120, 0);
    const open = asOpen(see(part), 0);
    const later = breakDown(part, of('upstream', '10.9.9.9'), 60 * MINUTE_MS);
    expect(names(see(later, open))).toEqual(['upstream 10.9.9.9: 15']);
  });

  it('keeps what fails apart from what is no longer seen', () => {
    const facts = breakDown(breakDown(fleet(), of('upstream', '10.9.9.9'), 0), () => true, 0, 'unseen');
    expect(names(see(facts))).toEqual(['upstream 10.9.9.9: 15', 'vantage province: 135']);
  });

  it('puts every endpoint in trouble into exactly one cause, and no other; a second look changes nothing', () => {
    const fact = fc.record({
      trouble: fc.constantFrom(null, null, 'failing' as const, 'unseen' as const),
      sinceMs: fc.integer({ min: 0, max: 3_600_000 }),
      area: fc.integer({ min: 0, max: 3 }),
      carrier: fc.integer({ min: 0, max: 1 }),
      upstream: fc.option(fc.integer({ min: 0, max: 5 }), { nil: undefined }),
    });
    const factsOf = (drawn: readonly (typeof fact extends fc.Arbitrary<infer T> ? T : never)[]): EndpointFact[] =>
      drawn.map(({ trouble, sinceMs, area, carrier, upstream }, index) => ({
        id: `e${index}`,
        trouble,
        sinceMs,
        groups: { area: `${area}`, carrier: `${carrier}`, ...(upstream === undefined ? {} : { upstream: `${upstream}` }) },
      }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fact, fact), { maxLength: 120 }), (drawn) => {
        const first = see(factsOf(drawn.map(([before]) => before)));
        const facts = factsOf(drawn.map(([, after]) => after));
        const open = asOpen(first, 0);
        const assignments = see(facts, open);
        const assigned = assignments.flatMap(({ members }) => members);
        expect([...assigned].sort()).toEqual(
          facts
            .filter(({ trouble }) => trouble)
            .map(({ id }) => id)
            .sort(),
        );
        expect(new Set(assignments.map(({ cause }) => causeKey(cause))).size).toBe(assignments.length);
        for (const { cause, members } of assignments) {
          for (const id of members) expect(facts.find((one) => one.id === id)?.trouble).toBe(cause.trouble);
        }
        expect(see(facts, open)).toEqual(assignments);
      }),
      { numRuns: 300 },
    );
  });
});
