import type { EndpointView } from '../../live/feed-events.js';
import { type CheckRun, OVERDUE_AFTER_MS, progressOf } from '../feed/check-now.js';
import { t } from '../i18n/index.js';
import { failureSentence } from '../text/failures.js';
import { stateWord } from '../text/sentences.js';
import { timeOfDay } from '../text/time.js';
import { useBoard } from './services.js';

/** Tests one endpoint at once and tells how far that is, from what arrives with the feed. */
export function CheckButton({ endpoint }: { endpoint: EndpointView }) {
  const { checks, clock } = useBoard();
  const run = checks.runOf(endpoint.id).value;
  const progress = run?.phase === 'waiting' ? progressOf(run, endpoint, clock.monotonicMs.value) : null;
  const isBusy = run?.phase === 'sending' || (progress !== null && !progress.finished && !progress.overdue);
  return (
    <div class="check">
      <button type="button" class="main-button" disabled={isBusy} onClick={() => void checks.request(endpoint)}>
        {t('check.now')}
      </button>
      <p role="status">{run && <CheckText run={run} endpoint={endpoint} />}</p>
    </div>
  );
}

function CheckText({ run, endpoint }: { run: CheckRun; endpoint: EndpointView }) {
  const { clock } = useBoard();
  switch (run.phase) {
    case 'sending':
      return <>{t('check.sending')}</>;
    case 'failed':
      return <>{failureSentence(run.failure)}</>;
    case 'waiting': {
      const { done, total, finished, overdue } = progressOf(run, endpoint, clock.monotonicMs.value);
      if (finished) {
        const time = endpoint.checkedAt === null ? '' : timeOfDay(Date.parse(endpoint.checkedAt));
        return <>{t('check.done', { time, state: stateWord(endpoint.state) })}</>;
      }
      return (
        <>{overdue ? t('check.overdue', { n: OVERDUE_AFTER_MS / 1000, done, total }) : t('check.waiting', { done, total })}</>
      );
    }
  }
}
