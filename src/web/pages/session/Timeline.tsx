import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { leadTime } from '../../text/lead-time.js';
import { momentOf } from '../../text/time.js';
import type { CheckpointView } from './api-types.js';
import { checkpointMark, checkpointSentence } from './checkpoint-words.js';
import type { SessionData } from './session-data.js';

/** The checkpoints from the first to the start: what was done, what runs and until when, what cannot be done in time. */
export function Timeline({ data }: { data: SessionData }) {
  const { clock } = useBoard();
  const session = data.session.value;
  const items = data.checkpoints.value.value?.items ?? [];
  if (!session) return null;
  const startsMs = Date.parse(session.startsAt);
  return (
    <section class="session-block" aria-labelledby="timeline-title">
      <h3 id="timeline-title">{t('sessionPage.timeline')}</h3>
      {items.length === 0 && <p class="side-empty">{t('sessionPage.noCheckpoints')}</p>}
      <ol class="timeline">
        {items.map((item) => (
          <Checkpoint key={`${item.checkpoint} ${item.plannedAt}`} item={item} startsMs={startsMs} />
        ))}
        <li data-mark={clock.nowMs.value >= startsMs ? 'done' : 'planned'}>
          <time>{momentOf(startsMs, clock.nowMs.peek())}</time>
          <b>{t('sessionPage.start')}</b>
        </li>
      </ol>
    </section>
  );
}

function Checkpoint({ item, startsMs }: { item: CheckpointView; startsMs: number }) {
  const { clock } = useBoard();
  const nowMs = clock.nowMs.peek();
  return (
    <li data-mark={checkpointMark(item)} data-checkpoint={item.checkpoint}>
      <time title={momentOf(Date.parse(item.plannedAt), startsMs)}>{momentOf(Date.parse(item.plannedAt), nowMs)}</time>
      <div>
        <b>{t('sessionPage.before', { time: leadTime(item.checkpoint) })}</b>{' '}
        <span class="timeline-suite">{t(`sessionPage.suite.${item.suite}`)}</span>
        <p>{checkpointSentence(item, nowMs)}</p>
        {item.state === 'running' && (
          <progress max={item.total} value={item.done} aria-label={t('sessionPage.progress')}>
            {formatNumber(item.done)}/{formatNumber(item.total)}
          </progress>
        )}
      </div>
    </li>
  );
}
