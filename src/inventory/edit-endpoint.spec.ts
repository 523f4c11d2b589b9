import { editEndpoint, type EditableField } from './edit-endpoint.js';
import { endpointOf } from './testing/endpoint.js';

const main = endpointOf({ id: 'A-1', siteCode: 'A', address: '10.0.0.1', sipUri: 'sip:a@10.0.0.1' });
const backup = endpointOf({ id: 'A-2', siteCode: 'A', ordinal: 2, address: '10.0.0.2' });
const other = endpointOf({ id: 'B-1', siteCode: 'B', address: '10.0.0.9', sipUri: 'sip:b@10.0.0.9' });
const present = [main, backup, other];
const edit = (given: Partial<Record<EditableField, string>>) => editEndpoint(present, main, given);

describe(editEndpoint.name, () => {
  it('changes one endpoint, written as in a file', () =>
    expect(edit({ address: ' 10.0.0.7 ', h323: 'Có', note: 'a\u00a0b', sipUri: '' })).toEqual({
      ok: true,
      value: [{ ...main, address: '10.0.0.7', h323: 'yes', note: 'a b', sipUri: null }, backup, other],
    }));

  it('changes what is of the site for all of its endpoints', () =>
    expect(edit({ siteName: 'Xã Mới', tier: 'Xã', lat: '21,3', contactPhone: '0912 345 678' })).toEqual({
      ok: true,
      value: [
        ...[main, backup].map((record) => ({
          ...record,
          ...{ siteName: 'Xã Mới', tier: 'commune', lat: 21.3, contactPhone: '0912 345 678' },
        })),
        other,
      ],
    }));

  it('tells every field that is wrong, and what would be right', () => {
    const edited = edit({ siteName: '', address: '10.0.0.256', contactPhone: '12', lon: '200', carrier: 'VNPT' });
    expect(edited.ok ? [] : edited.error.map(({ field, found }) => [field, found])).toEqual([
      ['siteName', 'nothing'],
      ['address', '10.0.0.256'],
      ['contactPhone', '12'],
      ['lon', '200'],
    ]);
  });

  it.each([
    ['the address of another endpoint', { address: '10.0.0.9', sipUri: '' }, false],
    ['the address of another room of one MCU', { address: '10.0.0.9' }, true],
    ['its own address', { address: '10.0.0.1' }, true],
  ])('takes %s: %j %s', (_, given, isTaken) => expect(edit(given).ok).toBe(isTaken));
});
