import { useState } from 'preact/hooks';
import type { SessionView } from '../../../live/feed-events.js';
import { api } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { FieldChangeList } from '../sessions/FieldChangeList.js';
import type { SessionData } from './session-data.js';
import { failureSentence } from '../../text/failures.js';

/** A person changed this session, and its calendar wants something else: what it is, and a way to give in. */
export function CalendarSays({ data, says }: { data: SessionData; says: NonNullable<SessionView['calendarSays']> }) {
  const [problem, setProblem] = useState('');

  async function follow(): Promise<void> {
    const { etag } = data.asked;
    const answer = await api(`/sessions/${encodeURIComponent(data.id)}`, {
      ...{ method: 'PATCH', body: { followCalendar: true } },
      ...(etag === null ? {} : { etag }),
    });
    setProblem(answer.kind === 'ok' ? '' : failureSentence(answer));
    data.refreshRecords();
  }
  return (
    <li data-remark="calendar">
      {t('sessionPage.calendarSays')}
      <FieldChangeList fields={says} />
      <button type="button" class="quiet-button" onClick={() => void follow()}>
        {t('sessionPage.followCalendar')}
      </button>
      {problem !== '' && <p role="alert">{problem}</p>}
    </li>
  );
}
