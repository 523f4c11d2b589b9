import type { ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { failureSentence } from '../../text/failures.js';

/** Why there is nothing, or nothing newer, to show: in the server's words where it had any. */
export function AnswerNote({ answer }: { answer: ApiResult<unknown> | null }) {
  if (answer === null) return <p class="desk-note">{t('desk.loading')}</p>;
  if (answer.kind === 'ok') return null;
  return (
    <p class="desk-note desk-refused" role="alert">
      {failureSentence(answer)}
    </p>
  );
}
