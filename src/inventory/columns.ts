/** The columns of an inventory file and the header names each is known by, English first. README lists the same table. */
export const COLUMN_NAMES = {
  site_code: ['site_code', 'Site code', 'Mã đơn vị', 'Mã điểm cầu', 'Mã ĐVHC', 'Mã xã'],
  site_name: ['site_name', 'Site name', 'Tên đơn vị', 'Tên điểm cầu', 'Đơn vị', 'Điểm cầu'],
  former_names: ['former_names', 'Tên cũ', 'Tên gọi cũ', 'Tên trước sáp nhập', 'Đơn vị cũ'],
  tier: ['tier', 'Cấp', 'Cấp đơn vị', 'Loại đơn vị'],
  area: ['area', 'Khu vực', 'Địa bàn'],
  carrier: ['carrier', 'Nhà mạng', 'Nhà cung cấp đường truyền'],
  circuit_id: ['circuit_id', 'Circuit ID', 'Mã kênh', 'Mã kênh truyền', 'Mã đường truyền', 'Số hiệu kênh'],
  address: ['address', 'IP', 'Địa chỉ', 'Địa chỉ IP'],
  sip_uri: ['sip_uri', 'SIP', 'SIP URI', 'Địa chỉ SIP'],
  h323: ['h323', 'H.323', 'Địa chỉ H.323'],
  contact_name: ['contact_name', 'Contact', 'Đầu mối', 'Tên đầu mối', 'Họ tên đầu mối', 'Cán bộ đầu mối'],
  contact_phone: [
    'contact_phone',
    'Điện thoại',
    'Số điện thoại',
    'SĐT',
    'Điện thoại đầu mối',
    'Số điện thoại đầu mối',
    'SĐT đầu mối',
  ],
  deputy_name: ['deputy_name', 'Deputy', 'Đầu mối dự phòng', 'Tên đầu mối dự phòng', 'Người thay thế', 'Cán bộ dự phòng'],
  deputy_phone: [
    'deputy_phone',
    'Điện thoại dự phòng',
    'Số điện thoại dự phòng',
    'SĐT dự phòng',
    'Điện thoại đầu mối dự phòng',
    'SĐT đầu mối dự phòng',
    'Điện thoại người thay thế',
  ],
  model: ['model', 'Thiết bị', 'Loại thiết bị', 'Kiểu thiết bị', 'Mẫu thiết bị'],
  lat: ['lat', 'latitude', 'Vĩ độ'],
  lon: ['lon', 'lng', 'longitude', 'Kinh độ'],
  note: ['note', 'Ghi chú'],
} as const satisfies Record<string, readonly string[]>;

export type Column = keyof typeof COLUMN_NAMES;

export const COLUMNS = Object.keys(COLUMN_NAMES) as Column[];
export const NEEDED_COLUMNS: readonly Column[] = ['site_code', 'site_name', 'tier', 'address'];

/** Equal for spellings that a person takes for the same: case, NFC or NFD, diacritics, blanks and punctuation do not count. */
export function foldName(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}

const BY_NAME = new Map<string, Column>(
  COLUMNS.flatMap((column) => COLUMN_NAMES[column].map((name) => [foldName(name), column] as const)),
);

export const columnOf = (header: string): Column | undefined => BY_NAME.get(foldName(header));
