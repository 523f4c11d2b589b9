import type { Failure } from '../feed/api.js';
import { t } from '../i18n/index.js';

/** What a status means to whoever asked; of one that is not here the server's own words say enough. */
const SAID = [400, 403, 404, 409, 412, 413, 422, 429, 503] as const;
type Said = (typeof SAID)[number];
const isSaid = (status: number): status is Said => (SAID as readonly number[]).includes(status);

/** Why nothing came of a request: what it means in the reader's language, then what the server says, which is English. */
export function failureSentence(failure: Failure): string {
  if (failure.kind === 'unreachable') return t('failure.unreachable');
  const { status, detail } = failure;
  return t('failure.refused', { meaning: t(isSaid(status) ? `failure.${status}` : 'failure.other'), detail });
}
