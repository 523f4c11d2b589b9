import { isIP } from 'node:net';
import { z } from 'zod';
import { calendarsSchema } from './calendars-schema.js';
import { healthSchema } from './health-schema.js';
import { noticesSchema } from './notices-schema.js';
import { host, name, number, oneOf, path, section, text, whole } from './schema-parts.js';
import { SIP_PASSWORD_VARIABLE } from './sip-passwords.js';

/**
 * The one schema of every setting. The message of each rule is the sentence "what is allowed", so that a refusal can always
 * say it; `refusals.ts` adds where the value stood and what was found.
 */

function isAddressPrefix(text: string): boolean {
  const [, address = '', bits] = /^([^/]+)\/(\d{1,3})$/.exec(text) ?? [];
  const family = isIP(address);
  return family === 4 ? Number(bits) >= 8 && Number(bits) <= 32 : family === 6 && Number(bits) >= 32 && Number(bits) <= 128;
}

const yesOrNo = z.boolean({ error: 'true or false' });
/** Goes into a SIP display name: no quotes to escape, no control character to inject a header with. */
// eslint-disable-next-line no-control-regex -- control characters are what must be kept out
const callerName = text(/^[^\x00-\x1f\x7f"\\<>]{1,64}$/, 'a text of 1 to 64 characters without quotes, "<", ">" or "\\"');
const sipUser = text(/^[\w.+-]{1,40}$/, 'the user part of a SIP address: 1 to 40 of A-Z, a-z, 0-9, ".", "_", "+" and "-"');
// eslint-disable-next-line no-control-regex -- as above
const accountName = text(/^[^\x00-\x1f\x7f"\\]{1,128}$/, 'a text of 1 to 128 characters without quotes or "\\"');
const ipAddress = z.string({ error: 'an IP address' }).refine((value) => isIP(value) !== 0, { error: 'an IP address' });
const addressPrefix = z.string({ error: 'an address prefix such as 10.1.2.0/24' }).refine(isAddressPrefix, {
  error: 'an address prefix such as 10.1.2.0/24 or 2001:db8::/48, of 8 bits or more, 32 of IPv6',
});
const ipv4Address = z.string({ error: 'an IPv4 address' }).refine((value) => isIP(value) === 4, { error: 'an IPv4 address' });
const mediaPrefixes = z.array(addressPrefix, { error: 'a list of address prefixes' }).max(32, { error: 'at most 32 prefixes' });
const postgresUrl = text(/^postgres(ql)?:\/\/\S+$/, 'a URL postgres://user:password@host:port/database');

/** Whom both SIP probes reach and how; the text of a target wins over `transport` and `port`. */
const sipLine = {
  callerName,
  callerUser: sipUser,
  source: ipAddress,
  transport: oneOf('udp', 'tcp', 'tls'),
  port: whole(1, 65_535),
  outboundProxy: text(/^[^\s<>"]{1,300}$/, 'an address, host:port or sip:host[:port][;transport=udp|tcp|tls]'),
  caFile: path,
  certificateSha256: text(/^[0-9A-Fa-f]{2}(:?[0-9A-Fa-f]{2}){31}$/, 'a SHA-256 of 64 hexadecimal digits, with or without colons'),
};

/**
 * Absent options take the default of the probe itself, which its own schema states. Nothing is allowed here that the probe
 * would refuse later.
 */
const probeOptions = {
  icmp: section({
    count: whole(1, 100),
    spacingMs: whole(10, 5000),
    timeoutS: number(0.1, 30),
    payloadBytes: whole(16, 1472),
    pathMtu: yesOrNo,
    source: ipAddress,
  }).partial(),
  tcp: section({ port: whole(1, 65_535), timeoutS: number(0.1, 30), source: ipAddress }).partial(),
  'sip-options': section({ timeoutS: number(0.5, 32), ...sipLine }).partial(),
  'h323-ping': section({
    port: whole(1, 65_535),
    timeoutS: number(0.1, 30),
    statusEnquiry: oneOf('ask', 'require', 'off'),
    source: ipv4Address,
  }).partial(),
  'h323-call': section({
    holdS: number(1, 12),
    video: yesOrNo,
    decodeKeyframe: yesOrNo,
    ringS: number(1, 60),
    firstAnswerS: number(1, 32),
    callRateKbps: whole(64, 4_096),
    port: whole(1, 65_535),
    tunnelling: yesOrNo,
    fastStart: yesOrNo,
    mcu: yesOrNo,
    followTo: z.array(ipv4Address, { error: 'a list of IPv4 addresses' }).max(8, { error: 'at most 8 addresses' }),
    gatekeeper: section({ address: ipv4Address, port: whole(1, 65_535).optional(), alias: accountName }),
    callerName,
    source: ipv4Address,
    allowedMediaPrefixes: mediaPrefixes,
  }).partial(),
  'sip-call': section({
    holdS: number(1, 12),
    video: yesOrNo,
    encryption: oneOf('auto', 'require', 'off'),
    decodeKeyframe: yesOrNo,
    dialogState: yesOrNo,
    ringS: number(1, 60),
    noProvisionalS: number(0.5, 32),
    codecs: z
      .array(oneOf('PCMA', 'PCMU', 'H264'), { error: 'a list of PCMA, PCMU and H264' })
      .refine((codecs) => new Set(codecs).size === codecs.length && codecs.some((codec) => codec !== 'H264'), {
        error: 'PCMA, PCMU or both, and H264, each once',
      }),
    bandwidthKbps: whole(80, 10_000),
    allowedMediaPrefixes: mediaPrefixes,
    ...sipLine,
    user: accountName,
    passwordFile: path,
    passwordEnv: text(SIP_PASSWORD_VARIABLE, 'SIP_PASSWORD, or a name that begins with SIP_PASSWORD_'),
  })
    .partial()
    .refine(
      ({ user, passwordFile, passwordEnv }) =>
        [passwordFile, passwordEnv].filter((source) => source !== undefined).length === (user === undefined ? 0 : 1),
      { error: 'user together with one of passwordFile and passwordEnv, or none of them' },
    ),
};

interface Routine {
  intervalSeconds: number;
  concurrency: number;
  leastIntervalSeconds: number;
}

function probeKeys<Options extends z.ZodType>(options: Options, routine: Routine) {
  return {
    enabled: yesOrNo.default(true),
    intervalSeconds: number(routine.leastIntervalSeconds, 86_400).default(routine.intervalSeconds),
    concurrency: whole(1, 1000).default(routine.concurrency),
    options: options.prefault({} as z.input<Options>),
  };
}

const probe = <Options extends z.ZodType>(options: Options, routine: Routine) =>
  section(probeKeys(options, routine)).prefault({});

/** How many runs of each kind at once. */
function places(counts: Record<keyof typeof probeOptions, number>) {
  const count = (value: number) => whole(1, 1000).default(value);
  return section({
    icmp: count(counts.icmp),
    tcp: count(counts.tcp),
    'sip-options': count(counts['sip-options']),
    'h323-ping': count(counts['h323-ping']),
    'sip-call': count(counts['sip-call']),
    'h323-call': count(counts['h323-call']),
  }).prefault({});
}

const kbps = whole(64, 10_000_000);
const kbpsByName = z
  .record(z.string(), kbps, { error: 'a mapping from names of the inventory to kbit/s, such as {"Việt Trì": 50000}' })
  .default({});

const seconds = (value: number) => number(1, 86_400).default(value);

/** One text or a list of them; `*` stands for anything. */
const patterns = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)], { error: 'a text or a list of texts; "*" stands for anything' })
  .transform((given) => (typeof given === 'string' ? [given] : given));

/** What differs from `probes` for some endpoints; what is absent stays as it is for all. */
function exceptionOf<Options extends z.ZodType>(options: Options, leastIntervalSeconds: number) {
  return section({ enabled: yesOrNo, intervalSeconds: number(leastIntervalSeconds, 86_400), options }).partial();
}

const TIME = '([01]\\d|2[0-3]):[0-5]\\d';
/** Of Asia/Ho_Chi_Minh; the second time may be of the next day. */
const quietHours = z
  .array(text(new RegExp(`^(?!(.+)-\\1$)${TIME}-(${TIME}|24:00)$`), 'two times that differ, such as "22:00-06:00"'), {
    error: 'a list of times such as ["22:00-06:00"]',
  })
  .max(24, { error: 'at most 24 of them' });

/** For endpoints that speak SIP and H.323: by which they are called, and whether the other is tried where that one fails. */
const bothProtocols = { prefer: oneOf('sip', 'h323'), fallBack: yesOrNo };

const exception = section({
  for: section({
    endpoints: patterns,
    sites: patterns,
    tiers: patterns,
    areas: patterns,
    carriers: patterns,
    models: patterns,
  })
    .partial()
    .refine((given) => Object.keys(given).length > 0, {
      error: 'at least one of endpoints, sites, tiers, areas, carriers, models',
    }),
  probes: section({
    icmp: exceptionOf(probeOptions.icmp, 1),
    tcp: exceptionOf(probeOptions.tcp, 1),
    'sip-options': exceptionOf(probeOptions['sip-options'], 1),
    'h323-ping': exceptionOf(probeOptions['h323-ping'], 1),
    'sip-call': exceptionOf(probeOptions['sip-call'], 5),
    'h323-call': exceptionOf(probeOptions['h323-call'], 5),
  })
    .partial()
    .prefault({}),
  bothProtocols: section(bothProtocols).partial().optional(),
  quietHours: quietHours.optional(),
  profile: name.optional(),
});

const settings = section({
  http: section({ host: host.default('127.0.0.1'), port: whole(0, 65_535).default(8080) }).prefault({}),
  dataDir: path.default('var'),
  databaseUrl: postgresUrl.optional(),
  inventoryPath: path.optional(),
  logLevel: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  vantage: name.default('province'),
  database: section({
    poolSize: whole(2, 100).default(10),
    rawRetentionDays: whole(1, 3650).default(90),
    hourlyRetentionDays: whole(1, 36_500).default(730),
    dailyRetentionDays: whole(1, 36_500).default(3650),
    partitionsAheadDays: whole(1, 30).default(3),
  }).prefault({}),
  prober: section({
    restartBackoffMs: section({ min: whole(10, 60_000).default(500), max: whole(10, 600_000).default(30_000) })
      .refine(({ min, max }) => min <= max, { error: 'min not above max' })
      .prefault({}),
    orphanStopSeconds: number(0.1, 86_400).default(60),
    firstRoundSeconds: number(0, 3600).default(30),
    spoolHours: number(1, 720).default(72),
    perArea: places({ icmp: 32, tcp: 32, 'sip-options': 32, 'h323-ping': 32, 'sip-call': 12, 'h323-call': 12 }),
    perCarrier: places({ icmp: 64, tcp: 64, 'sip-options': 64, 'h323-ping': 64, 'sip-call': 24, 'h323-call': 24 }),
    bandwidthKbps: section({
      perArea: kbps.default(20_000),
      perCarrier: kbps.default(100_000),
      areas: kbpsByName,
      carriers: kbpsByName,
    }).prefault({}),
  }).prefault({}),
  probes: section({
    icmp: section({
      ...probeKeys(probeOptions.icmp, { intervalSeconds: 30, concurrency: 64, leastIntervalSeconds: 1 }),
      packetsPerSecond: whole(10, 20_000).default(2_000),
      packetsPerSecondPerArea: whole(10, 20_000).default(500),
    }).prefault({}),
    tcp: probe(probeOptions.tcp, { intervalSeconds: 60, concurrency: 64, leastIntervalSeconds: 1 }),
    'sip-options': probe(probeOptions['sip-options'], { intervalSeconds: 60, concurrency: 64, leastIntervalSeconds: 1 }),
    'h323-ping': probe(probeOptions['h323-ping'], { intervalSeconds: 60, concurrency: 64, leastIntervalSeconds: 1 }),
    'sip-call': probe(probeOptions['sip-call'], { intervalSeconds: 900, concurrency: 24, leastIntervalSeconds: 5 }),
    'h323-call': probe(probeOptions['h323-call'], { intervalSeconds: 900, concurrency: 24, leastIntervalSeconds: 5 }),
  }).prefault({}),
  bothProtocols: section({
    prefer: bothProtocols.prefer.default('sip'),
    fallBack: bothProtocols.fallBack.default(true),
  }).prefault({}),
  quietHours: quietHours.default([]),
  exceptions: z
    .array(exception, { error: 'a list of mappings with the keys for, probes, bothProtocols, quietHours and profile' })
    .default([]),
  live: section({
    deltaIntervalMs: whole(100, 10_000).default(100),
    heartbeatMs: whole(100, 60_000).default(2000),
  }).prefault({}),
  health: healthSchema,
  calendars: calendarsSchema,
  notices: noticesSchema,
  simulation: section({
    mode: oneOf('auto', 'off').default('auto'),
    faultsFile: path.default('config/lab-faults.yml'),
    intervalSeconds: section({
      icmp: seconds(10),
      tcp: seconds(30),
      'sip-options': seconds(30),
      'h323-ping': seconds(30),
      'sip-call': seconds(60),
      'h323-call': seconds(60),
    }).prefault({}),
  }).prefault({}),
});

/** A profile that nobody knows would judge nobody. */
export const configSchema = settings.superRefine(({ exceptions, health: { profiles } }, refusals) => {
  exceptions.forEach(({ profile }, index) => {
    if (profile === undefined || Object.hasOwn(profiles, profile)) return;
    const message = `one of ${Object.keys(profiles).join(', ')}`;
    refusals.addIssue({ code: 'custom', path: ['exceptions', index, 'profile'], message });
  });
});
