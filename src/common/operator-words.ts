import type { Reason } from './reasons.js';
import type { HealthState, SignalName } from './states.js';

/** Vietnamese first, English beside it. The board, the API and notices say the same thing in the same words. */
export const LANGUAGES = ['vi', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];
export type Words = Readonly<Record<Language, string>>;

export const STATE_WORDS = {
  ready: { vi: 'Sẵn sàng', en: 'Ready' },
  degraded: { vi: 'Suy giảm', en: 'Degraded' },
  down: { vi: 'Mất kết nối', en: 'Down' },
  'in-use': { vi: 'Đang họp', en: 'In use' },
  unverified: { vi: 'Chưa xác minh hai chiều', en: 'Unverified' },
  untested: { vi: 'Chưa kiểm thử', en: 'Untested' },
  unknown: { vi: 'Không có dữ liệu', en: 'No data' },
  maintenance: { vi: 'Tạm ngừng theo kế hoạch', en: 'Maintenance' },
} as const satisfies Record<HealthState, Words>;

/** What a state means where no reason says more. */
export const STATE_SENTENCES = {
  ready: { vi: 'Tiếng và hình thông suốt hai chiều', en: 'Sound and picture flow in both directions' },
  degraded: { vi: 'Có tiếng và hình nhưng chất lượng giảm', en: 'Sound and picture flow, with reduced quality' },
  down: { vi: 'Không tham gia họp được', en: 'Cannot take part in a meeting' },
  'in-use': { vi: 'Thiết bị đang trong một cuộc họp, không gọi thử', en: 'The device is in a meeting; no test call is made' },
  unverified: {
    vi: 'Thiết bị có trả lời, chưa chứng minh được tiếng và hình hai chiều',
    en: 'The device answers; two-way sound and picture are not proven yet',
  },
  untested: { vi: 'Chưa gọi thử lần nào', en: 'No test call has been made yet' },
  unknown: { vi: 'Không có kết quả mới, kết quả cũ đã hết hiệu lực', en: 'No new result; the old one has expired' },
  maintenance: { vi: 'Tạm ngừng theo kế hoạch, không kiểm thử', en: 'Planned outage; not tested' },
} as const satisfies Record<HealthState, Words>;

/** What happened and what it means, in a technician's words. */
export const REASON_SENTENCES = {
  'no-answer': { vi: 'Không phản hồi: thiết bị tắt hoặc đứt đường truyền', en: 'No answer: device off or line cut' },
  refused: {
    vi: 'Máy bật, cổng gọi đóng: phần mềm họp chưa chạy',
    en: 'Device on, call port closed: conference software not running',
  },
  'no-route': { vi: 'Không có đường mạng tới điểm cầu', en: 'No network path to the site' },
  'resolve-failed': {
    vi: 'Không tìm được địa chỉ: tên thiết bị trong danh mục không đúng',
    en: 'Address not found: the device name in the inventory is wrong',
  },
  'signalling-hung': {
    vi: 'Thiết bị treo, nhận gọi rồi im lặng: khởi động lại',
    en: 'Device hung, takes the call and falls silent: restart it',
  },
  busy: { vi: 'Thiết bị đang trong một cuộc họp, không gọi thử', en: 'The device is in a meeting; no test call is made' },
  declined: { vi: 'Thiết bị từ chối cuộc gọi thử', en: 'The device declined the test call' },
  'not-auto-answering': { vi: 'Đổ chuông, không tự trả lời', en: 'Rings and does not answer by itself' },
  'not-found': {
    vi: 'Thiết bị không nhận số gọi này: kiểm tra địa chỉ gọi trong danh mục',
    en: 'The device does not know this number: check the call address in the inventory',
  },
  'auth-required': { vi: 'Thiết bị đòi mật khẩu khi gọi', en: 'The device asks for a password' },
  'auth-failed': { vi: 'Sai mật khẩu gọi thiết bị', en: 'Wrong password for the device' },
  'codec-mismatch': {
    vi: 'Không có chuẩn mã hóa tiếng, hình chung với thiết bị',
    en: 'No sound or picture coding in common with the device',
  },
  'encryption-required': { vi: 'Thiết bị chỉ nhận cuộc gọi mã hóa', en: 'The device takes encrypted calls only' },
  redirected: { vi: 'Thiết bị chuyển cuộc gọi sang địa chỉ khác', en: 'The device sends the call to another address' },
  'gatekeeper-policy': { vi: 'Gatekeeper không cho phép cuộc gọi', en: 'The gatekeeper does not allow the call' },
  'resource-limit': {
    vi: 'Thiết bị hết tài nguyên, chưa nhận cuộc gọi',
    en: 'The device is out of resources and takes no call now',
  },
  'server-error': { vi: 'Thiết bị báo lỗi bên trong: khởi động lại', en: 'The device reports an internal error: restart it' },
  'protocol-error': { vi: 'Thiết bị trả lời sai giao thức', en: 'The device answers against the protocol' },
  'h245-blocked': { vi: 'Tường lửa chặn kênh điều khiển cuộc gọi H.245', en: 'A firewall blocks the H.245 control channel' },
  'peer-hung-up': { vi: 'Thiết bị tự ngắt cuộc gọi thử', en: 'The device hung up the test call' },
  'no-media': {
    vi: 'Gọi được, không có tiếng và hình ở cả hai chiều',
    en: 'Call set up, no sound and picture in either direction',
  },
  'one-way-in': {
    vi: 'Gọi được, tiếng hoặc hình không tới điểm cầu (một chiều)',
    en: 'Call set up, sound or picture does not reach the site (one way)',
  },
  'one-way-out': {
    vi: 'Gọi được, không có tiếng hoặc hình về (một chiều)',
    en: 'Call set up, no sound or picture coming in (one way)',
  },
  'audio-only': { vi: 'Chỉ có tiếng, không có hình', en: 'Sound only, no picture' },
  'poor-quality': { vi: 'Tiếng hoặc hình kém', en: 'Poor sound or picture' },
  silent: {
    vi: 'Có hình, tiếng về im lặng: kiểm tra micro',
    en: 'Picture flows, sound coming in is silent: check the microphone',
  },
  frozen: { vi: 'Hình về đứng: kiểm tra camera', en: 'Picture coming in is frozen: check the camera' },
  'self-overloaded': {
    vi: 'Máy giám sát quá tải lúc đo, kết quả không dùng được',
    en: 'The monitor was overloaded while measuring; the result is void',
  },
  'unavailable-here': {
    vi: 'Máy giám sát không thực hiện được phép đo này',
    en: 'The monitor cannot make this measurement here',
  },
  'target-not-allowed': { vi: 'Địa chỉ ngoài phạm vi được phép kiểm thử', en: 'The address is outside what may be tested' },
  aborted: { vi: 'Lượt kiểm thử bị dừng giữa chừng', en: 'The test was stopped half-way' },
  'out-unconfirmed': {
    vi: 'Tiếng và hình về tốt, chưa có bằng chứng chiều đi',
    en: 'Sound and picture coming in are good; the other direction is not proven',
  },
} as const satisfies Record<Exclude<Reason, 'ok'>, Words>;

/** Ready where nobody needs the picture: nothing is claimed of it. */
export const SOUND_FLOWS = { vi: 'Tiếng thông suốt hai chiều', en: 'Sound flows in both directions' } as const satisfies Words;

/** A site whose profile asks for sound alone: what its picture does is no matter. */
export const needsSoundAlone = (needs: readonly SignalName[]): boolean => needs.every((name) => name.startsWith('audio'));

/** @param needs the signals that are needed here; all of them where none are named */
export function sentenceOf(state: HealthState, reason: Reason | null, needs?: readonly SignalName[]): Words {
  if (reason !== null && reason !== 'ok') return REASON_SENTENCES[reason];
  return state === 'ready' && needs && needsSoundAlone(needs) ? SOUND_FLOWS : STATE_SENTENCES[state];
}
