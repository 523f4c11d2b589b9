import { endpointsFromCsv, madeEndpoints } from './endpoint-list.js';

describe('endpointsFromCsv', () => {
  test.each([
    ['comma', 'site_code,site_name,tier,area,carrier,address\n04792,Tân Hòa,ward,Hòa Bình,VNPT,127.20.0.1\n'],
    [
      'semicolon and BOM',
      '\ufeffsite_code;site_name;tier;area;carrier;address\r\n04792;Tân Hòa;ward;Hòa Bình;VNPT;127.20.0.1\r\n',
    ],
  ])('%s', (_name, text) => {
    expect(endpointsFromCsv(text, 'i.csv')).toEqual({
      ok: true,
      value: [{ code: '04792', name: 'Tân Hòa', tier: 'ward', area: 'Hòa Bình', carrier: 'VNPT', address: '127.20.0.1' }],
    });
  });

  test('every bad address is named with its row', () => {
    const text = 'site_code,address\n1,127.20.0.1\n2,10.0.0.1\n3,127.20.0.1\n4,room.example\n';
    expect(endpointsFromCsv(text, 'i.csv')).toEqual({
      ok: false,
      error: [
        'i.csv: row 3: address: found "10.0.0.1", allowed: an address in 127.0.0.0/8',
        'i.csv: row 4: address: 127.20.0.1 is given twice',
        'i.csv: row 5: address: found "room.example", allowed: an address in 127.0.0.0/8',
      ],
    });
  });

  test('a file without rows, or that is no CSV, is an error and not an exception', () => {
    expect(endpointsFromCsv('site_code,address\n', 'i.csv')).toEqual({ ok: false, error: ['i.csv: no rows'] });
    expect(endpointsFromCsv('site_code,address\n"1,127.20.0.1\n', 'i.csv')).toMatchObject({ ok: false });
  });
});

describe('madeEndpoints', () => {
  test('each has its own code and address', () => {
    const made = madeEndpoints(600);
    expect(new Set(made.map(({ address }) => address)).size).toBe(600);
    expect(new Set(made.map(({ code }) => code)).size).toBe(600);
    expect([made[0]?.address, made[253]?.address, made[254]?.address]).toEqual(['127.20.0.1', '127.20.0.254', '127.20.1.1']);
  });

  test.each([0, -1, 1.5, 10_001, Number.NaN])('%d sites are refused', (count) => {
    expect(() => madeEndpoints(count)).toThrow(RangeError);
  });
});
