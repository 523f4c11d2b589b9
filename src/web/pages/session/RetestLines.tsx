import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { countdown, timeOfDay } from '../../text/time.js';
import { progressOf, type RetestRun } from './retests.js';
import type { SessionData } from './session-data.js';
import { failureSentence } from '../../text/failures.js';

/** How far the tests are that were asked for here, and when they will be done. */
export function RetestLines({ data }: { data: SessionData }) {
  const { runs, failure, isSending } = data.retests;
  return (
    <div class="retests" aria-live="polite">
      {isSending.value && <p>{t('check.sending')}</p>}
      {failure.value && <p class="session-failure">{failureSentence(failure.value)}</p>}
      {runs.value.map((run) => (
        <RetestLine key={run.id} run={run} data={data} />
      ))}
    </div>
  );
}

function RetestLine({ run, data }: { run: RetestRun; data: SessionData }) {
  const { store, clock } = useBoard();
  const progress = useComputed(() => progressOf(run, data.devicesOf(run.sites)));
  const { done, total, isFinished } = progress.value;
  const left = useComputed(() => (run.finishMs > clock.nowMs.value ? countdown(run.finishMs - clock.nowMs.value) : ''));
  // The verdict that came with the last result is wanted now, not with the next look
  useEffect(() => {
    if (isFinished) data.refresh();
  }, [isFinished]);
  const name = run.sites.length === 1 ? (store.site(run.sites[0] ?? '')?.name ?? '') : t('changes.many', { n: run.sites.length });
  const values = { name, done: formatNumber(done), total: formatNumber(total), time: timeOfDay(run.finishMs) };
  return (
    <p class="retest-line" data-finished={isFinished}>
      <span>
        {isFinished ? t('sessionPage.retestDone', values) : t('sessionPage.retesting', values)}{' '}
        {!isFinished &&
          (left.value === ''
            ? t('sessionPage.retestOverdue', values)
            : t('sessionPage.retestLeft', { left: left.value, ...values }))}
        {run.suite === 'light' && ` ${t('sessionPage.lightOnly')}`}
      </span>
      <progress max={Math.max(1, total)} value={done} aria-label={t('sessionPage.progress')} />
      <button type="button" class="quiet-button" onClick={() => data.retests.dismiss(run.id)}>
        {t('sessionPage.dismiss')}
      </button>
    </p>
  );
}
