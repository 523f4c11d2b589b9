import type { AppConfig } from '../../config/app-config.js';
import type { SettingInForce } from './self-report.js';

/** Sections that name people, accounts or addresses with a token in them are not shown at all. */
const HIDDEN_SECTIONS: ReadonlySet<string> = new Set<keyof AppConfig>(['notices', 'databaseUrl', 'exceptions']);
/** A file that holds a secret is named nowhere either: where it is, is half of it. */
const SECRET = /password|secret|token|key|user|account|credential|url|env$/i;
const MOST_TEXT = 200;

/** Every setting with its value, defaults filled in, one a line; secrets never, and nothing that could lead to one. */
export function settingsInForce(config: AppConfig): SettingInForce[] {
  const sections = Object.entries(config).filter(([section]) => !HIDDEN_SECTIONS.has(section));
  return sections.flatMap(([section, value]) => flattened(section, value));
}

function flattened(name: string, value: unknown): SettingInForce[] {
  if (SECRET.test(name) || value === undefined) return [];
  if (Array.isArray(value)) return [{ name, value: listText(value) }];
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) => flattened(`${name}.${key}`, inner));
  return [{ name, value: `${value as string | number | boolean | null}`.slice(0, MOST_TEXT) }];
}

/** Of a list of mappings only how many there are: what they hold has no bound, and may hold anything. */
const listText = (list: readonly unknown[]): string =>
  list.some((item) => typeof item === 'object') ? `(${list.length})` : list.map(String).join(', ').slice(0, MOST_TEXT);
