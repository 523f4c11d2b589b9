import type { AppConfig } from '../config/app-config.js';
import type { ProbeKind } from '../probes/contract.js';
import type { EndpointRecord } from './endpoint-record.js';

type Exception = AppConfig['exceptions'][number];

export interface ProbeSettings {
  enabled: boolean;
  intervalSeconds: number;
  options: Record<string, unknown>;
}

/** What each word of `for` is compared with. */
const FIELDS: Record<keyof Exception['for'], (endpoint: EndpointRecord) => string> = {
  endpoints: ({ id }) => id,
  sites: ({ siteCode }) => siteCode,
  tiers: ({ tier }) => tier,
  areas: ({ area }) => area,
  carriers: ({ carrier }) => carrier,
  models: ({ model }) => model,
};
/** They belong together: an exception with a user of its own must not keep the password of all others. */
const ACCOUNT = ['user', 'passwordFile', 'passwordEnv'];

/** The settings of one kind for one endpoint: those of all, and over them each exception that is meant for it, in order. */
export function settingsFor(
  endpoint: EndpointRecord,
  kind: ProbeKind,
  { probes, exceptions }: Pick<AppConfig, 'probes' | 'exceptions'>,
): ProbeSettings {
  let { enabled, intervalSeconds } = probes[kind];
  let options: Record<string, unknown> = probes[kind].options;
  for (const exception of exceptions) {
    const given = exception.probes[kind];
    if (!given || !isMeant(exception, endpoint)) continue;
    enabled = given.enabled ?? enabled;
    intervalSeconds = given.intervalSeconds ?? intervalSeconds;
    options = { ...withoutAccount(options, given.options), ...given.options };
  }
  return { enabled, intervalSeconds, options };
}

/** For an endpoint that speaks both: those of all, and over them each exception that is meant for it, in order. */
export function protocolsFor(
  endpoint: EndpointRecord,
  { bothProtocols, exceptions }: Pick<AppConfig, 'bothProtocols' | 'exceptions'>,
): AppConfig['bothProtocols'] {
  const meant = exceptions.filter((exception) => isMeant(exception, endpoint));
  return Object.assign({}, bothProtocols, ...meant.map((exception) => exception.bothProtocols)) as AppConfig['bothProtocols'];
}

/** Positions of the exceptions that are meant for nobody: most likely a name that was mistyped. */
export const exceptionsForNobody = (endpoints: readonly EndpointRecord[], exceptions: readonly Exception[]): number[] =>
  exceptions.flatMap((exception, index) => (endpoints.some((endpoint) => isMeant(exception, endpoint)) ? [] : [index]));

export function isMeant(exception: Exception, endpoint: EndpointRecord): boolean {
  return (Object.keys(FIELDS) as (keyof Exception['for'])[]).every((field) => {
    const wanted = exception.for[field];
    return wanted === undefined || wanted.some((pattern) => fits(pattern, FIELDS[field](endpoint)));
  });
}

const folded = (text: string): string => text.normalize('NFC').toLowerCase();

/** Without a regular expression, which a pattern of many stars could keep busy for ever. */
function fits(pattern: string, text: string): boolean {
  const [first = '', ...rest] = folded(pattern).split('*');
  const given = folded(text);
  const last = rest.pop();
  if (last === undefined) return given === first;
  if (!given.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = given.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return given.length - last.length >= at && given.endsWith(last);
}

function withoutAccount(options: Record<string, unknown>, given: Record<string, unknown> | undefined): Record<string, unknown> {
  if (!given || !ACCOUNT.some((name) => name in given)) return options;
  return Object.fromEntries(Object.entries(options).filter(([name]) => !ACCOUNT.includes(name)));
}
