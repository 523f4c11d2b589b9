import type { Reason } from '../common/reasons.js';
import type { SignalName, SignalState } from '../common/states.js';
import type { ProbeResult } from '../probes/contract.js';

/** Vietnamese first, English beside it: for whoever stands in front of the codec with a phone in the hand. */
type Words = readonly [vietnamese: string, english: string];

export const RESULT_WORDS = {
  pass: ['ĐẠT', 'pass'],
  fail: ['LỖI', 'fail'],
  inconclusive: ['CHƯA KẾT LUẬN', 'inconclusive'],
} as const satisfies Record<ProbeResult, Words>;

export const SIGNAL_NAME_WORDS = {
  audioOut: ['Tiếng gửi đi', 'sound to it'],
  audioIn: ['Tiếng nhận về', 'sound from it'],
  videoOut: ['Hình gửi đi', 'picture to it'],
  videoIn: ['Hình nhận về', 'picture from it'],
} as const satisfies Record<SignalName, Words>;

export const SIGNAL_STATE_WORDS = {
  flowing: ['thông', 'flowing'],
  poor: ['kém', 'poor'],
  absent: ['mất', 'absent'],
  unknown: ['chưa rõ', 'unknown'],
} as const satisfies Record<SignalState, Words>;

export const REASON_WORDS = {
  ok: ['bình thường', 'ok'],
  'no-answer': ['không trả lời', 'no answer'],
  refused: ['máy có phản hồi nhưng từ chối: cổng đóng', 'the machine refuses: port closed'],
  'no-route': ['không có đường tới địa chỉ này', 'no route to this address'],
  'resolve-failed': ['không tìm được địa chỉ của tên máy', 'the name has no address'],
  'signalling-hung': ['nhận cuộc gọi rồi treo: cần khởi động lại thiết bị', 'took the call and hung: the device wants a restart'],
  busy: ['đang bận, có thể đang họp', 'busy, perhaps in a meeting'],
  declined: ['thiết bị từ chối cuộc gọi (không làm phiền?)', 'declined the call (do not disturb?)'],
  'not-auto-answering': ['đổ chuông nhưng không tự trả lời', 'rings, but does not answer by itself'],
  'not-found': ['thiết bị không biết tên được gọi', 'does not know the name that was called'],
  'auth-required': ['đòi mật khẩu', 'wants a password'],
  'auth-failed': ['sai tên hoặc mật khẩu', 'wrong user or password'],
  'codec-mismatch': ['không có chuẩn mã hóa chung (G.711, H.264)', 'no codec in common (G.711, H.264)'],
  'encryption-required': ['bắt buộc mã hóa (SRTP)', 'insists on encryption (SRTP)'],
  redirected: ['chuyển cuộc gọi sang địa chỉ khác', 'redirects to another address'],
  'gatekeeper-policy': ['gatekeeper không cho phép', 'not allowed by the gatekeeper'],
  'resource-limit': ['hết tài nguyên hoặc tạm ngừng phục vụ', 'out of resources, or out of service for now'],
  'server-error': ['thiết bị báo lỗi bên trong', 'reports an internal error'],
  'protocol-error': ['trả lời sai giao thức', 'answers against the protocol'],
  'h245-blocked': ['kênh H.245 bị chặn', 'the H.245 channel is blocked'],
  'peer-hung-up': ['thiết bị tự ngắt cuộc gọi', 'hung up on its own'],
  'no-media': ['đã kết nối nhưng không có tiếng, không có hình', 'connected, but no media'],
  'one-way-in': ['một chiều: nghe thấy họ, họ không nhận được', 'one way: we receive it, it does not receive us'],
  'one-way-out': ['một chiều: họ nhận được, ta không nhận được', 'one way: it receives us, we do not receive it'],
  'audio-only': ['chỉ có tiếng, không có hình', 'sound only, no picture'],
  'poor-quality': ['chất lượng kém', 'poor quality'],
  silent: ['câm hoàn toàn: kiểm tra micrô', 'digital silence: check the microphone'],
  frozen: ['hình đứng yên: kiểm tra camera', 'frozen picture: check the camera'],
  'self-overloaded': ['máy đo quá tải, kết quả không đáng tin', 'the measuring machine is overloaded'],
  'unavailable-here': ['máy này không đo được', 'cannot be measured from this machine'],
  'target-not-allowed': ['địa chỉ không được phép gửi tới', 'an address that must not be sent to'],
  aborted: ['bị dừng giữa chừng', 'was stopped'],
  'out-unconfirmed': ['thiết bị không báo có nhận được hay không', 'the device does not report what it receives'],
} as const satisfies Record<Reason, Words>;

export const both = ([vietnamese, english]: Words): string => `${vietnamese} / ${english}`;
