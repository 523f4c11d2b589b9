import fc from 'fast-check';
import { TIERS } from '../common/states.js';
import { endpointOf } from '../inventory/testing/endpoint.js';
import { resolveParticipants, sitesOf, unknownNames } from './participants.js';

const codes = ['1', '2', '3', '4', '5', '6'];
const sites = sitesOf(
  codes.map((siteCode, index) =>
    endpointOf({
      id: `${siteCode}-1`,
      siteCode,
      tier: TIERS[index % 4] ?? 'ward',
      area: index % 2 ? 'A' : 'B',
      carrier: index < 3 ? 'VNPT' : 'Viettel',
    }),
  ),
);
const some = fc.subarray(codes);
const rule = fc.record(
  { sites: some, except: some, optional: some, tiers: fc.subarray([...TIERS]), areas: fc.subarray(['A', 'B']) },
  { requiredKeys: [] },
);

describe(resolveParticipants.name, () => {
  it('takes every site where nothing is named', () => {
    expect(resolveParticipants({ participants: {}, counterparts: [] }, sites).map(({ siteCode }) => siteCode)).toEqual(codes);
  });

  it('names each site once, none of the excepted, every counterpart, and what is optional as such', () => {
    fc.assert(
      fc.property(rule, some, (participants, counterparts) => {
        const found = resolveParticipants({ participants, counterparts }, sites);
        const names = found.map(({ siteCode }) => siteCode);
        expect(names).toEqual(codes.filter((code) => names.includes(code)));
        for (const code of counterparts) expect(names).toContain(code);
        for (const { siteCode, role, required } of found) {
          expect(role === 'counterpart').toBe(counterparts.includes(siteCode));
          expect(required).toBe(!participants.optional?.includes(siteCode));
          if (role === 'participant') expect(participants.except ?? []).not.toContain(siteCode);
        }
        for (const code of participants.sites ?? []) if (!participants.except?.includes(code)) expect(names).toContain(code);
      }),
    );
  });
});

describe(unknownNames.name, () => {
  it('names the field of what the inventory does not know', () => {
    const given = {
      participants: { areas: ['A', 'C'] },
      counterparts: ['9'],
      rule: { goRatio: 1, noGoRatio: 1, mustHave: ['1'] },
    };
    expect(unknownNames(given, sites)).toMatchObject([
      { field: 'participants.areas', found: 'C' },
      { field: 'counterparts', found: '9' },
    ]);
  });
});
