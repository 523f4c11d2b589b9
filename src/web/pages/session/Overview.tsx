import { useState } from 'preact/hooks';
import { t } from '../../i18n/index.js';
import { SessionDialog } from '../sessions/SessionDialog.js';
import { Differences } from './Differences.js';
import { Groups } from './Groups.js';
import { enterMode } from './mode.js';
import { Records } from './Records.js';
import type { SessionData } from './session-data.js';
import { SessionHead } from './SessionHead.js';
import { Timeline } from './Timeline.js';
import { failureSentence } from '../../text/failures.js';
import { Worklist } from './Worklist.js';

/** The desk before a session: the verdict on top, the work on the left, what supports it on the right. */
export function Overview({ data }: { data: SessionData }) {
  const { readiness, asked } = data;
  const [isEditing, setEditing] = useState(false);
  const view = readiness.value.value;
  const failure = readiness.failure.value;
  return (
    <div class="session-page">
      <SessionHead data={data} />
      <nav class="session-tools" aria-label={t('sessionPage.tools')}>
        <button type="button" class="main-button" onClick={() => enterMode('roll-call')}>
          {t('rollCall.title')}
        </button>
        <button type="button" class="quiet-button" onClick={() => enterMode('display')}>
          {t('sessionPage.display')}
        </button>
        <button type="button" class="quiet-button" onClick={() => enterMode('roster')}>
          {t('roster.open')}
        </button>
        <button type="button" class="quiet-button" disabled={!asked.value.value} onClick={() => setEditing(true)}>
          {t('sessionPage.edit')}
        </button>
      </nav>
      {failure && (
        <p class="session-failure" role="alert">
          {failureSentence(failure)}
        </p>
      )}
      {view ? (
        <div class="session-columns">
          <Worklist data={data} readiness={view} />
          <div class="session-side">
            <Timeline data={data} />
            <Groups readiness={view} />
            <Differences differences={view.differences} sites={view.sites} />
            <Records data={data} />
          </div>
        </div>
      ) : (
        !failure && <p class="side-empty">{t('sessionPage.loading')}</p>
      )}
      {isEditing && asked.value.value && (
        <SessionDialog
          before={{ session: asked.value.value, etag: asked.etag }}
          onClose={() => {
            setEditing(false);
            data.refreshRecords();
          }}
        />
      )}
    </div>
  );
}
