import { formatNumber, t } from '../../i18n/index.js';
import { leadTime } from '../../text/lead-time.js';
import { momentOf } from '../../text/time.js';
import type { CheckpointView } from './api-types.js';

/** What the eye has to see of it: `trouble` needs a person. */
export type CheckpointMark = 'planned' | 'running' | 'done' | 'missed' | 'trouble';

export function checkpointMark({ state, canFinish }: CheckpointView): CheckpointMark {
  return canFinish === false && (state === 'planned' || state === 'running') ? 'trouble' : state;
}

/** What was done, or will be, with its moments. */
export function checkpointSentence(item: CheckpointView, nowMs: number): string {
  const parts = [storyOf(item, nowMs), item.late && item.state !== 'missed' ? t('sessionPage.checkpoint.late') : ''];
  if (checkpointMark(item) === 'trouble') parts.push(t('sessionPage.checkpoint.cannotFinish', { by: at(item.finishBy, nowMs) }));
  return parts.filter((part) => part !== '').join(' ');
}

function storyOf(item: CheckpointView, nowMs: number): string {
  const { total, done, passed, failed } = item;
  const figures = {
    total: formatNumber(total),
    done: formatNumber(done),
    passed: formatNumber(passed),
    failed: formatNumber(failed),
  };
  const times = { from: at(item.startsAt, nowMs), predicted: at(item.predictedFinish, nowMs), to: at(item.finishedAt, nowMs) };
  switch (item.state) {
    case 'running':
      return t('sessionPage.checkpoint.running', { ...figures, ...times });
    case 'done':
      return t('sessionPage.checkpoint.done', { ...figures, ...times });
    case 'missed':
      return item.coveredBy === null
        ? t('sessionPage.checkpoint.missed')
        : t('sessionPage.checkpoint.covered', { by: leadTime(item.coveredBy) });
    case 'planned':
      return t('sessionPage.checkpoint.planned', { ...figures, ...times });
  }
}

const at = (iso: string | null, nowMs: number): string => (iso === null ? '–' : momentOf(Date.parse(iso), nowMs));
