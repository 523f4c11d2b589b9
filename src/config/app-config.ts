import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { configSchema } from './config-schema.js';
import { describeRefusals } from './refusals.js';

/** Every setting, checked, with its defaults filled in and its paths absolute. */
export type AppConfig = z.output<typeof configSchema>;

/** Token under which Nest providers ask for the configuration. */
export const APP_CONFIG = Symbol('APP_CONFIG');

/** Where a start takes its settings from; only the entry points pass the real ones. */
export interface ConfigSource {
  env: Record<string, string | undefined>;
  cwd: string;
}

type Settings = Record<string, unknown>;

const DEFAULT_FILE = 'config/monitor.yml';

/** The settings that may also come from the environment, which wins over the file. */
const VARIABLES: Record<string, readonly [string, ...string[]]> = {
  HOST: ['http', 'host'],
  PORT: ['http', 'port'],
  DATABASE_URL: ['databaseUrl'],
  DATA_DIR: ['dataDir'],
  INVENTORY: ['inventoryPath'],
  LOG_LEVEL: ['logLevel'],
};

/** Names every problem at once, one a line: where it stands, the key, what was found, what is allowed. */
export class ConfigError extends Error {
  constructor(readonly problems: readonly string[]) {
    super(['The configuration is refused:', ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.name = 'ConfigError';
  }
}

/**
 * Reads `CONFIG` (or config/monitor.yml, which may be missing or empty) and the environment.
 * @throws ConfigError for an unknown key, a bad value, or a named file that cannot be read
 */
export function loadConfig({ env, cwd }: ConfigSource): AppConfig {
  const file = env.CONFIG || DEFAULT_FILE;
  const fromFile = readSettings(resolve(cwd, file), file, Boolean(env.CONFIG));
  const fromEnvironment = environmentSettings(env);

  const problems = [
    ...describeRefusals(fromFile, configSchema.safeParse(fromFile), (keys) =>
      [file, ...(keys.length ? [keys.join('.')] : [])].join(': '),
    ),
    ...describeRefusals(fromEnvironment, configSchema.safeParse(fromEnvironment), (keys) => `environment: ${variableOf(keys)}`),
  ];
  if (problems.length > 0) throw new ConfigError(problems);

  return withAbsolutePaths(configSchema.parse(overlay(fromFile, fromEnvironment)), cwd);
}

function readSettings(path: string, shownAs: string, mustExist: boolean): unknown {
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && !mustExist) return {};
    throw new ConfigError([`${shownAs}: cannot be read (${code ?? String(error)}), allowed: a readable YAML file`]);
  }
  const lines = new LineCounter();
  const document = parseDocument(content, { lineCounter: lines, prettyErrors: false });
  if (document.errors.length > 0) {
    throw new ConfigError(
      document.errors.map((error) => `${shownAs}: line ${lines.linePos(error.pos[0]).line}: not valid YAML: ${error.message}`),
    );
  }
  return withoutEmpty(document.toJS()) ?? {};
}

/** A key with nothing behind it, as when everything under it is commented out, is as if it were not written. */
function withoutEmpty(value: unknown): unknown {
  if (!isMapping(value)) return value ?? undefined;
  const written = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(written.map(([key, inner]) => [key, withoutEmpty(inner)]));
}

function environmentSettings(env: ConfigSource['env']): Settings {
  let settings: Settings = {};
  for (const [variable, keys] of Object.entries(VARIABLES)) {
    const value = env[variable];
    if (!value) continue;
    const typed = variable === 'PORT' && /^\d+$/.test(value) ? Number(value) : value;
    settings = overlay(
      settings,
      keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), typed),
    ) as Settings;
  }
  return settings;
}

function variableOf(keys: PropertyKey[]): string {
  const entry = Object.entries(VARIABLES).find(([, known]) => known.join('.') === keys.join('.'));
  return entry ? entry[0] : keys.join('.');
}

function overlay(under: unknown, over: unknown): unknown {
  if (!isMapping(under) || !isMapping(over)) return over;
  const merged: Settings = { ...under };
  for (const [key, value] of Object.entries(over)) merged[key] = Object.hasOwn(under, key) ? overlay(under[key], value) : value;
  return merged;
}

const isMapping = (value: unknown): value is Settings => typeof value === 'object' && value !== null && !Array.isArray(value);

function withAbsolutePaths(config: AppConfig, cwd: string): AppConfig {
  for (const probes of [config.probes, ...config.exceptions.map((exception) => exception.probes)]) {
    const { 'sip-call': call, 'sip-options': ask } = probes;
    if (call?.options?.passwordFile) call.options.passwordFile = resolve(cwd, call.options.passwordFile);
    for (const probe of [call, ask]) if (probe?.options?.caFile) probe.options.caFile = resolve(cwd, probe.options.caFile);
  }
  return {
    ...config,
    dataDir: resolve(cwd, config.dataDir),
    inventoryPath: config.inventoryPath && resolve(cwd, config.inventoryPath),
    calendars: config.calendars.map((calendar) =>
      calendar.file ? { ...calendar, file: resolve(cwd, calendar.file) } : calendar,
    ),
    notices: noticesWithAbsolutePaths(config.notices, cwd),
    simulation: { ...config.simulation, faultsFile: resolve(cwd, config.simulation.faultsFile) },
  };
}

function noticesWithAbsolutePaths({ webhooks, mail, ...rest }: AppConfig['notices'], cwd: string): AppConfig['notices'] {
  const absolute = <One extends object>(one: One): One =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, key.endsWith('File') ? resolve(cwd, String(value)) : (value as unknown)]),
    ) as One;
  return { ...rest, webhooks: webhooks.map(absolute), ...(mail && { mail: { ...mail, server: absolute(mail.server) } }) };
}
