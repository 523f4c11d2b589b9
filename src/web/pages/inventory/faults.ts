import type { ApiResult } from '../../feed/api.js';
import { type MessageKey, t } from '../../i18n/index.js';
import { EDITABLE_FIELDS, type FieldFault } from './api-types.js';

const KNOWN: ReadonlySet<string> = new Set([...EDITABLE_FIELDS, 'siteCode', 'file', 'row']);

/** The name of a field or of the column of a file, as a person knows it. */
export function fieldName(field: string): string {
  const name = camelCase(field);
  return KNOWN.has(name) ? t(`inv.field.${name}` as MessageKey) : field;
}

/** What belongs into a field. */
export function fieldRule(field: string): string {
  const name = camelCase(field);
  return KNOWN.has(name) ? t(`inv.rule.${name}` as MessageKey) : '';
}

/** The fields at fault of a problem document; anything else in it is no fault of a field. */
export function faultsOf(answer: ApiResult<unknown> | null): FieldFault[] {
  const errors = answer?.kind === 'refused' ? answer.problem.errors : undefined;
  return Array.isArray(errors) ? errors.filter(isFault) : [];
}

function isFault(error: unknown): error is FieldFault {
  const { field, found, allowed, fix } = (error ?? {}) as Partial<Record<keyof FieldFault, unknown>>;
  return [field, found, allowed, fix].every((text) => typeof text === 'string');
}

/** A file's columns are named `contact_phone`, the API's fields `contactPhone`. */
const camelCase = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
