import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { diffInventory } from './inventory-diff.js';
import { parseRows } from './parse-rows.js';
import type { RawTable } from './raw-table.js';
import { readCsv } from './read-csv.js';

const HEADER = 'site_code,site_name,tier,address';

function parseCsv(text: string) {
  const table = readCsv(Buffer.from(text));
  if (!table.ok) throw new Error(JSON.stringify(table.error));
  return parseRows(table.value);
}

const refusedCsv = (bytes: string | Uint8Array) => {
  const table = readCsv(Buffer.from(bytes));
  return table.ok ? [] : table.error;
};

const row = (cells: Record<string, string>): RawTable => ({
  header: Object.keys(cells),
  headerLine: 1,
  rows: [{ line: 2, cells: Object.values(cells) }],
});
const NEEDED = { site_code: '04792', site_name: 'Phường Tân Hòa', tier: 'ward', address: '10.1.2.3' };
const one = (cells: Record<string, string>) => parseRows(row({ ...NEEDED, ...cells }));
const refusal = (cells: Record<string, string>) => one(cells).errors.map(({ field, found }) => `${field}: ${found}`);

describe(parseRows.name, () => {
  it('takes the example inventory: 148 units, the province and the centre', () => {
    const file = fileURLToPath(new URL('../../config/inventory.example.csv', import.meta.url));
    const { drafts, errors, ignoredColumns } = parseCsv(readFileSync(file, 'utf8'));
    expect(errors).toEqual([]);
    expect(ignoredColumns).toEqual([]);
    expect(drafts).toHaveLength(150);
    expect(drafts.filter(({ tier }) => tier === 'commune')).toHaveLength(133);
    expect(drafts.filter(({ tier }) => tier === 'ward')).toHaveLength(15);
    expect(drafts.find(({ id }) => id === '04792-1')).toMatchObject({
      siteName: 'Phường Tân Hòa',
      area: 'Hòa Bình',
      address: '127.20.0.12',
      sipUri: 'sip:04792@127.20.0.12',
      lat: 20.87292,
    });
  });

  it('reads semicolons, a byte order mark, quotes with line breaks, and counts lines as a person does', () => {
    const { drafts, errors } = parseCsv(
      '\ufeffsite_code;site_name;tier;address;note\r\n1;"A; B";ward;10.0.0.1;"two\r\nlines"\r\n\r\n2;C;xyz;10.0.0.2;\r\n',
    );
    expect(drafts).toEqual([]);
    expect(errors).toMatchObject([{ line: 5, field: 'tier', found: 'xyz' }]);
  });

  it.each([
    ['Vietnamese', 'Mã đơn vị,Tên điểm cầu,Cấp,Địa chỉ IP,Nhà mạng,Địa chỉ SIP,Số điện thoại đầu mối,Vĩ độ'],
    ['decomposed', 'Mã đơn vị,Tên điểm cầu,Cấp,Địa chỉ IP,Nhà mạng,Địa chỉ SIP,Số điện thoại đầu mối,Vĩ độ'.normalize('NFD')],
    ['capitals without diacritics', 'MA DON VI,TEN DIEM CAU,CAP,DIA CHI IP,NHA MANG,DIA CHI SIP,SO DIEN THOAI DAU MOI,VI DO'],
    ['English', 'Site Code,SITE_NAME,Tier,address,carrier,sip-uri,contact phone,Lat'],
  ])('knows %s headers', (_kind, header) => {
    const { drafts, errors } = parseCsv(`${header}\n04792,Tân Hòa,Phường,10.1.2.3,VNPT,sip:a@10.1.2.3,0900 000 001,"20,5"\n`);
    expect(errors).toEqual([]);
    expect(drafts).toMatchObject([
      { id: '04792-1', tier: 'ward', carrier: 'VNPT', sipUri: 'sip:a@10.1.2.3', contactPhone: '0900 000 001', lat: 20.5 },
    ]);
  });

  it('tells every error of every row at once', () => {
    const { errors } = parseCsv(
      [
        'site_code,site_name,tier,address,sip_uri,lat,contact_phone',
        '1,A,ward,10.0.0.1,sip:a@10.0.0.1,21,0900000001',
        ',,village,10.0.0.300,room1,99,12ab',
        '2,B,ward,10.0.0.1,,,',
        '3,C,ward,10.0.0.3,,,,too,many',
      ].join('\n'),
    );
    expect(errors.map(({ line, field, found }) => [line, field, found])).toEqual([
      [3, 'site_code', 'nothing'],
      [3, 'site_name', 'nothing'],
      [3, 'tier', 'village'],
      [3, 'address', '10.0.0.300'],
      [3, 'sip_uri', 'room1'],
      [3, 'contact_phone', '12ab'],
      [3, 'lat', '99'],
      [4, 'address', '10.0.0.1'],
      [5, 'row', '9 cells'],
    ]);
    for (const error of errors) {
      expect(error.allowed).not.toBe('');
      expect(error.fix).not.toBe('');
    }
    expect(errors.find(({ line }) => line === 4)?.allowed).toContain('line 2 has it');
  });

  it('lets rooms of one MCU share its address when each has a SIP URI of its own', () => {
    const rows = (...uris: string[]) =>
      parseCsv([`${HEADER},sip_uri`, ...uris.map((uri, i) => `${i},A,ward,10.0.0.1,${uri}`)].join('\n')).errors;
    expect(rows('sip:1@10.0.0.1', 'sip:2@10.0.0.1', 'sip:10.0.0.1:5070')).toEqual([]);
    expect(rows('sip:1@10.0.0.1', 'sip:2@10.0.0.1', 'sip:1@10.0.0.1')).toMatchObject([{ line: 4, field: 'address' }]);
    expect(rows('sip:1@10.0.0.1', '')).toMatchObject([{ line: 3, field: 'address' }]);
  });

  it('makes several rows of one site its main and backup endpoints, and wants them to agree', () => {
    const text = (lastArea: string) =>
      `${HEADER},area,contact_name\n9,Site,ward,10.0.0.1,North,An\n9,Site,ward,10.0.0.2,,\n9,Site,ward,10.0.0.3,${lastArea},An\n`;
    const { drafts } = parseCsv(text('North'));
    expect(drafts.map(({ id, area, contactName }) => [id, area, contactName])).toEqual([
      ['9-1', 'North', 'An'],
      ['9-2', 'North', 'An'],
      ['9-3', 'North', 'An'],
    ]);
    expect(parseCsv(text('South')).errors).toMatchObject([{ line: 4, field: 'area', found: 'South' }]);
  });

  it('names the columns it needs, the repeated and the unused ones', () => {
    const { errors, ignoredColumns } = parseCsv('STT,Mã đơn vị,site_code,Tên đơn vị,IP\n1,2,3,4,5\n');
    expect(errors.map(({ line, field }) => [line, field])).toEqual([
      [1, 'site_code'],
      [1, 'tier'],
    ]);
    expect(ignoredColumns).toEqual(['STT']);
  });

  it('keeps cells that a spreadsheet would calculate as plain text', () => {
    const { drafts, errors } = one({ note: '=HYPERLINK("http://x")', contact_name: '@SUM(1)', model: '-cmd', area: '+1' });
    expect(errors).toEqual([]);
    expect(drafts).toMatchObject([{ note: '=HYPERLINK("http://x")', contactName: '@SUM(1)', model: '-cmd', area: '+1' }]);
  });

  it('composes decomposed text and removes what is no character', () => {
    expect(one({ site_name: ' Xã  Đà\u0000 Bắc '.normalize('NFD') }).drafts[0]?.siteName).toBe('Xã Đà Bắc');
  });

  it.each(['10.1.2.3', '2001:DB8::1', 'codec-1.phutho.gov.vn', 'room'])('takes the address %s', (address) => {
    expect(refusal({ address })).toEqual([]);
  });

  it.each(['10.1.2', '10.1.2.3:5060', '10.1.2.3/24', 'a b', '224.0.0.1', '0.0.0.0', 'http://x', '-a', 'ff02::1', '::'])(
    'refuses the address %s',
    (address) => expect(refusal({ address })).toEqual([`address: ${address}`]),
  );

  it.each([
    ['yes', 'yes'],
    ['Có', 'yes'],
    ['không', null],
    ['', null],
    ['h323:room@10.1.2.3:1721', 'h323:room@10.1.2.3:1721'],
    ['h323:phong-hop@', 'h323:phong-hop@'],
    ['84210', 'h323:84210@'],
    ['+84210', 'h323:84210@'],
  ])('reads h323 "%s" as %p', (h323, expected) => {
    expect(one({ h323 }).drafts[0]?.h323).toBe(expected);
  });

  it('refuses other words for h323', () => expect(refusal({ h323: 'maybe' })).toEqual(['h323: maybe']));

  it.each(['0900 000 001', '+84 900 000 001', '(0210) 3846.647', '113', ''])('takes the phone number "%s"', (phone) => {
    expect(refusal({ contact_phone: phone })).toEqual([]);
  });

  it.each(['900000001', '0900', 'An', '+841234567890123456'])('refuses the phone number %s', (phone) => {
    expect(refusal({ deputy_phone: phone })).toEqual([`deputy_phone: ${phone}`]);
  });

  it('refuses a header without rows, so that a cut file does not empty the inventory', () => {
    expect(parseCsv(`${HEADER}\n`).errors).toMatchObject([{ line: 0, field: 'file' }]);
  });
});

describe(readCsv.name, () => {
  it.each([
    ['an empty file', ''],
    ['text of another encoding', Buffer.from('site_code\nXã', 'latin1')],
    ['UTF-16', Buffer.from(`${HEADER}\n`, 'utf16le')],
  ])('refuses %s', (_kind, bytes) => expect(refusedCsv(bytes)).toMatchObject([{ field: 'file' }]));

  it('tells where a quote is open', () => {
    expect(refusedCsv(`${HEADER}\n1,"A,ward,10.0.0.1\n`)).toMatchObject([{ field: 'row', line: expect.any(Number) as number }]);
  });
});

describe(diffInventory.name, () => {
  it('tells added, changed by field, removed and unchanged apart', () => {
    const draft = (cells: Record<string, string>) => one(cells).drafts[0]!;
    const stays = draft({ site_code: '1' });
    const moves = draft({ site_code: '2', address: '10.0.0.2' });
    const leaves = draft({ site_code: '3' });
    const comes = draft({ site_code: '4' });
    const diff = diffInventory([stays, moves, leaves], [{ ...stays }, { ...moves, address: '10.0.0.9' }, comes]);
    expect(diff.added.map(({ id }) => id)).toEqual(['4-1']);
    expect(diff.removed.map(({ id }) => id)).toEqual(['3-1']);
    expect(diff.unchanged).toBe(1);
    expect(diff.changed).toMatchObject([{ id: '2-1', fields: [{ field: 'address', from: '10.0.0.2', to: '10.0.0.9' }] }]);
  });
});
