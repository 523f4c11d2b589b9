import { computed, signal } from '@preact/signals';
import { recall, remember } from '../text/preferences.js';
import { en } from './en.js';
import { type Dictionary, type MessageKey, vi } from './vi.js';

export type { MessageKey } from './vi.js';

export const LOCALES = ['vi', 'en'] as const;
export type Locale = (typeof LOCALES)[number];

const DICTIONARIES: Record<Locale, Dictionary> = { vi, en };
const NUMBER_TAGS: Record<Locale, string> = { vi: 'vi-VN', en: 'en-GB' };

export const locale = signal<Locale>(recall('locale', LOCALES) ?? 'vi');

export function chooseLocale(next: Locale): void {
  locale.value = next;
  remember('locale', next);
}

/** The text of a key in the present language; whoever draws it is drawn again when the language changes. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  return DICTIONARIES[locale.value][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

const oneDecimal = computed(() => new Intl.NumberFormat(NUMBER_TAGS[locale.value], { maximumFractionDigits: 1 }));

/** 3.24 -> "3,2" in Vietnamese */
export const formatNumber = (value: number): string => oneDecimal.value.format(value);
