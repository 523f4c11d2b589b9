import type { EndpointRecord } from '../../../inventory/endpoint-record.js';
import { signal } from '@preact/signals';
import { endpoint } from '../../testing/endpoint.js';
import { chosenRows, EVERYTHING, type Row } from './rows.js';

const record = (id: string, part: Partial<EndpointRecord> = {}): EndpointRecord => ({
  ...{ id, siteCode: id, siteName: `Xã ${id}`, formerNames: '', tier: 'commune', area: 'Phú Thọ', carrier: 'VNPT' },
  ...{ circuitId: '', ordinal: 1 },
  ...{ address: '10.0.0.1', sipUri: null, h323: null, contactName: '', contactPhone: '', deputyName: '', deputyPhone: '' },
  ...{ model: '', lat: null, lon: null, note: '', ...part },
});
const row = (id: string, part: Partial<EndpointRecord>, state: Parameters<typeof endpoint>[0]['state']): Row => ({
  record: record(id, part),
  view: signal(endpoint({ id, ...(state ? { state } : {}) })),
});
const rows = [
  row('a', { siteName: 'Xã Đoan Hùng', carrier: 'Viettel', address: '10.0.0.10', contactName: 'Trần Thị Mỹ' }, 'down'),
  row('b', { siteName: 'Xã An Bình', area: 'Hòa Bình', address: '10.0.0.9' }, 'ready'),
  row('c', { siteName: 'Phường Âu Cơ', tier: 'ward', circuitId: 'PTO-77' }, 'degraded'),
];
const ids = (part: Partial<typeof EVERYTHING>) => chosenRows(rows, { ...EVERYTHING, ...part }).map(({ record: { id } }) => id);

it.each([
  [{}, ['c', 'b', 'a']],
  [{ descending: true }, ['a', 'b', 'c']],
  [{ sort: 'address' as const }, ['c', 'b', 'a']],
  [{ sort: 'state' as const }, ['a', 'c', 'b']],
  [{ sort: 'tier' as const }, ['a', 'b', 'c']],
  [{ query: 'doan hung' }, ['a']],
  [{ query: 'TRẦN mỹ' }, ['a']],
  [{ query: 'pto-77' }, ['c']],
  [{ query: 'an' }, ['b']],
  [{ carrier: 'VNPT' }, ['c', 'b']],
  [{ area: 'Hòa Bình' }, ['b']],
  [{ tier: 'ward' }, ['c']],
  [{ state: 'down' as const }, ['a']],
  [{ state: 'down' as const, carrier: 'VNPT' }, []],
])('%j leaves %j', (choice, expected) => expect(ids(choice)).toEqual(expected));

it('reads no state unless it sorts or filters by it: a change elsewhere draws no table anew', () => {
  const never = {
    record: record('x'),
    view: {
      get value(): never {
        throw new Error('read');
      },
    },
  } as unknown as Row;
  expect(chosenRows([never, rows[0] as Row], EVERYTHING)).toHaveLength(2);
});
