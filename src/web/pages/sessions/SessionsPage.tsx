import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { SessionView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { Fetched } from '../../feed/fetched.js';
import { t } from '../../i18n/index.js';
import { failureSentence } from '../../text/failures.js';
import { merged, sessionsByDay, splitByTime } from './calendar-grid.js';
import { ImportDialog } from './ImportDialog.js';
import { dayOf } from './local-time.js';
import { MonthGrid } from './MonthGrid.js';
import { SessionDialog } from './SessionDialog.js';
import { SessionList } from './SessionList.js';
import '../../styles/desk.css';
import '../../styles/sessions.css';

type Open = { dialog: 'new' | 'import' } | null;

/** Every session: the month, the day, what comes and what was. */
export function SessionsPage() {
  const { clock } = useBoard();
  const { sessions, asked } = useSessions();
  const today = useComputed(() => dayOf(clock.nowMs.value)).value;
  const minute = useComputed(() => Math.floor(clock.nowMs.value / 60_000) * 60_000).value;
  const [day, setDay] = useState(today);
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => {
    setOpen(null);
    void asked.load();
  };
  const { coming, past } = splitByTime(sessions, minute);
  const byDay = sessionsByDay(sessions);
  const failure = asked.failure.value;
  return (
    <div class="sessions-page">
      <header class="block-head">
        <h2>{t('sessionsPage.title')}</h2>
        <div class="worklist-tools">
          <button type="button" class="quiet-button" onClick={() => setOpen({ dialog: 'import' })}>
            {t('sessionsPage.import')}
          </button>
          <button type="button" class="main-button" onClick={() => setOpen({ dialog: 'new' })}>
            {t('sessionsPage.new')}
          </button>
        </div>
      </header>
      {failure && (
        <p class="session-failure" role="alert">
          {failureSentence(failure)}
        </p>
      )}
      <div class="sessions-columns">
        <div>
          <MonthGrid day={day} today={today} byDay={byDay} onChoose={setDay} />
          <SessionList title={t('sessionsPage.ofDay', { day: dayWords(day) })} sessions={byDay.get(day) ?? []} all={sessions} />
        </div>
        <div>
          <SessionList title={t('sessionsPage.coming')} sessions={coming} all={sessions} />
          <SessionList title={t('sessionsPage.past')} sessions={past} all={sessions} />
        </div>
      </div>
      {open?.dialog === 'new' && <SessionDialog day={day < today ? today : day} onClose={close} />}
      {open?.dialog === 'import' && <ImportDialog onClose={close} />}
    </div>
  );
}

/** All from the API, the recent ones as the feed tells them. */
function useSessions(): { sessions: SessionView[]; asked: Fetched<{ items: SessionView[] }> } {
  const { store } = useBoard();
  const asked = useMemo(() => new Fetched<{ items: SessionView[] }>('/sessions'), []);
  // A session that nobody knew here, or that is gone, changes the list; figures of known ones come with the feed
  const known = store.sessions.value.map(({ id, revision }) => `${id} ${revision}`).join();
  useEffect(() => void asked.load(), [asked, known]);
  return { sessions: merged(asked.value.value?.items ?? [], store.sessions.value), asked };
}

const dayWords = (day: string): string => day.split('-').reverse().join('/');
