import { parseArgs } from 'node:util';
import { err, ok, type Result } from '../common/result.js';
import { CALL_KINDS, PROBE_KINDS, type ProbeKind } from '../probes/contract.js';
import { parseProbeOptions } from '../probes/registry.js';
import { parseH323Target, parseHostTarget, parseSipTarget } from '../probes/target.js';

export interface ProbeArguments {
  kind: ProbeKind;
  target: string;
  options: unknown;
  json: boolean;
  trace: boolean;
}

export const USAGE = `Cách dùng / usage: npm run -s probe -- KIND TARGET [--json] [options]
  KIND     ${PROBE_KINDS.join(' | ')}
  TARGET   address, host:port, sip:user@host[:port][;transport=udp|tcp|tls], sips:user@host[:port],
           h323:[alias@]host[:port]
  --timeout S   chờ trả lời bao lâu / how long to wait for an answer
  --source IP   gửi từ địa chỉ này / send from this address
  --json        in kết quả dạng JSON / print the outcome as JSON
 icmp:
  --path-mtu    tìm gói tin lớn nhất đi lọt / find the largest packet that passes
 sip-call, sip-options, h323-call:
  --trace       in từng bản tin ra stderr, đã xóa bí mật / each message on stderr, secrets removed
 sip-call, sip-options:
  --proxy P     gửi qua proxy này / send by way of this proxy
  --ca-file F   tin các CA trong tệp này (TLS) / believe the authorities in this file
  --pin HEX     chỉ tin chứng chỉ có SHA-256 này (TLS) / believe the one certificate of this SHA-256
 sip-call, h323-call:
  --hold S      giữ cuộc gọi bao lâu, nhiều nhất 12 / how long to hold the call, at most 12 (6)
  --no-video    chỉ thử âm thanh / test sound alone
 h323-call:
  --rate KBPS   tốc độ cuộc gọi / call rate (384)
  --no-tunnel   H.245 qua kết nối riêng / H.245 over a connection of its own
  --fast-start  đề nghị fastStart / offer fastStart
 sip-call:
  --encryption auto|require|off   SRTP: khi thiết bị từ chối RTP thường / where plain RTP is refused, always, never (auto)
  --user U --password-file F | --password-env SIP_PASSWORD_X   khi thiết bị đòi mật khẩu / where the device asks for a password
Mã kết thúc / exit code: 0 đạt pass, 1 lỗi fail, 2 chưa kết luận inconclusive, 64 sai cách dùng usage
`;

const FLAGS = {
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: false },
  'no-video': { type: 'boolean' },
  'path-mtu': { type: 'boolean' },
  timeout: { type: 'string' },
  source: { type: 'string' },
  hold: { type: 'string' },
  encryption: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'password-env': { type: 'string' },
  proxy: { type: 'string' },
  'ca-file': { type: 'string' },
  pin: { type: 'string' },
  rate: { type: 'string' },
  'no-tunnel': { type: 'boolean' },
  'fast-start': { type: 'boolean' },
} as const;

type Flags = { [K in keyof typeof FLAGS]?: string | boolean };

const ONLY: Partial<Record<keyof Flags, readonly ProbeKind[]>> = {
  hold: CALL_KINDS,
  'no-video': CALL_KINDS,
  rate: ['h323-call'],
  'no-tunnel': ['h323-call'],
  'fast-start': ['h323-call'],
  encryption: ['sip-call'],
  user: ['sip-call'],
  'password-file': ['sip-call'],
  'password-env': ['sip-call'],
  proxy: ['sip-call', 'sip-options'],
  'ca-file': ['sip-call', 'sip-options'],
  pin: ['sip-call', 'sip-options'],
  'path-mtu': ['icmp'],
};
const isKind = (text: string | undefined): text is ProbeKind => PROBE_KINDS.some((kind) => kind === text);

/** Reads the command line. An error is one sentence for the person who typed it. */
export function parseProbeArguments(argv: string[]): Result<ProbeArguments> {
  const parsed = readFlags(argv);
  if (!parsed.ok) return parsed;
  const { flags, positionals } = parsed.value;
  const [kind, target, ...surplus] = positionals;
  if (!isKind(kind)) return err(kind === undefined ? 'KIND and TARGET are missing' : `unknown kind of probe "${kind}"`);
  if (target === undefined) return err('TARGET is missing');
  if (surplus.length > 0) return err(`what is "${surplus[0]}"? One target at a time`);

  const parseTarget = kind.startsWith('sip-') ? parseSipTarget : kind.startsWith('h323-') ? parseH323Target : parseHostTarget;
  const known = parseTarget(target);
  if (!known.ok) return known;
  const stray = Object.entries(ONLY).find(([name, kinds]) => flags[name as keyof Flags] !== undefined && !kinds.includes(kind));
  if (stray) return err(`--${stray[0]} belongs to ${stray[1].join(' and ')}`);
  const numbers = [positive(flags, 'timeout', 'seconds'), positive(flags, 'hold', 'seconds'), positive(flags, 'rate', 'kbit/s')];
  for (const number of numbers) if (!number.ok) return number;
  const options = parseProbeOptions(kind, optionsOf(kind, flags));
  return options.ok
    ? ok({ kind, target, options: options.value, json: flags.json === true, trace: flags.trace === true })
    : options;
}

function readFlags(argv: string[]): Result<{ flags: Flags; positionals: string[] }> {
  try {
    const { values, positionals } = parseArgs({ args: argv, options: FLAGS, allowPositionals: true });
    return ok({ flags: values, positionals });
  } catch (error) {
    return err(error instanceof Error ? error.message : String(error));
  }
}

function positive(flags: Flags, name: 'timeout' | 'hold' | 'rate', unit: string): Result<number | undefined> {
  const text = flags[name];
  if (text === undefined) return ok(undefined);
  const value = Number(text);
  return typeof text === 'string' && text.trim() !== '' && value > 0 ? ok(value) : err(`--${name} needs a number of ${unit}`);
}

function optionsOf(kind: ProbeKind, flags: Flags): Record<string, unknown> {
  const timeoutS = flags.timeout === undefined ? undefined : Number(flags.timeout);
  const line = { source: flags.source, outboundProxy: flags.proxy, caFile: flags['ca-file'], certificateSha256: flags.pin };
  if (kind === 'h323-call') return h323Options(flags, timeoutS);
  if (kind !== 'sip-call') return given({ timeoutS, ...line, pathMtu: flags['path-mtu'] });
  return given({
    ...line,
    noProvisionalS: timeoutS,
    ringS: timeoutS,
    holdS: flags.hold === undefined ? undefined : Number(flags.hold),
    video: flags['no-video'] === true ? false : undefined,
    encryption: flags.encryption,
    user: flags.user,
    passwordFile: flags['password-file'],
    passwordEnv: flags['password-env'],
  });
}

const h323Options = (flags: Flags, timeoutS: number | undefined): Record<string, unknown> =>
  given({
    source: flags.source,
    firstAnswerS: timeoutS,
    ringS: timeoutS,
    holdS: flags.hold === undefined ? undefined : Number(flags.hold),
    video: flags['no-video'] === true ? false : undefined,
    callRateKbps: flags.rate === undefined ? undefined : Number(flags.rate),
    tunnelling: flags['no-tunnel'] === true ? false : undefined,
    fastStart: flags['fast-start'],
  });

/** Without the keys that were not given, so that the defaults of the probe apply. */
const given = (options: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
