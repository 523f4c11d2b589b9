import type { ReadonlySignal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import type { Weekday } from '../../text/time.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { minuteText } from '../desk/moment.js';
import { operatorName } from '../desk/operator-name.js';
import { useRemote } from '../desk/use-remote.js';
import type { MaintenanceWindow } from './api-types.js';
import { MaintenanceForm } from './MaintenanceForm.js';
import type { Row } from './rows.js';

/** Planned work: every window, open or to come, with its own form. */
export function MaintenanceList({ rows }: { rows: ReadonlySignal<readonly Row[]> }) {
  const { store } = useBoard();
  // a pause of a selection, on this page or another, shows in the number of those under maintenance
  const paused = store.counts.value.get('maintenance');
  const { answer, value, reload } = useRemote<{ items: MaintenanceWindow[] }>('/maintenance', paused);
  const [editing, setEditing] = useState<MaintenanceWindow | 'new' | null>(null);
  const [failed, setFailed] = useState<ApiResult<unknown> | null>(null);
  const remove = async (id: string): Promise<void> => {
    const by = operatorName.value.trim();
    const query = by === '' ? '' : `?by=${encodeURIComponent(by)}`;
    const result = await api(`/maintenance/${encodeURIComponent(id)}${query}`, { method: 'DELETE' });
    setFailed(result.kind === 'ok' ? null : result);
    reload();
  };
  const close = (): void => {
    setEditing(null);
    reload();
  };
  return (
    <section aria-labelledby="inv-maintenance">
      <h3 id="inv-maintenance" class="desk-heading">
        {t('inv.maintenance')} <span>{value?.items.length ?? ''}</span>
      </h3>
      <AnswerNote answer={answer} />
      {failed && <AnswerNote answer={failed} />}
      {value?.items.length === 0 && <p class="desk-note">{t('inv.noMaintenance')}</p>}
      <ul class="inv-windows">
        {value?.items.map((window) => (
          <li key={window.id} data-open={window.open}>
            <span>
              <b>{t('inv.windowOf', { scope: t(`inv.scope.${window.scope}`), target: targetName(window, rows.value) })}</b>{' '}
              {window.open && <em>{t('inv.openNow')}</em>} {whenText(window)} <small>{window.note}</small>
            </span>
            <button type="button" class="quiet-button" onClick={() => setEditing(window)}>
              {t('inv.edit')}
            </button>
            <button type="button" class="quiet-button" onClick={() => void remove(window.id)}>
              {t('inv.delete')}
            </button>
          </li>
        ))}
      </ul>
      {editing === null ? (
        <button type="button" class="quiet-button" onClick={() => setEditing('new')}>
          {t('inv.newWindow')}
        </button>
      ) : (
        <MaintenanceForm
          key={editing === 'new' ? 'new' : editing.id}
          window={editing === 'new' ? null : editing}
          rows={rows.value}
          onClose={close}
        />
      )}
    </section>
  );
}

function targetName({ scope, target }: MaintenanceWindow, rows: readonly Row[]): string {
  if (scope === 'area' || scope === 'carrier') return target;
  const found = rows.find(({ record }) => (scope === 'site' ? record.siteCode : record.id) === target);
  return found ? `${found.record.siteName} (${target})` : target;
}

function whenText({ from, to, weekly }: MaintenanceWindow): string {
  const span = t('inv.span', { from: minuteText(from), to: minuteText(to) });
  if (!weekly) return span;
  const days = weekly.weekdays.map((day) => t(`weekday.${(day % 7) as Weekday}`)).join(', ');
  const until = weekly.until === null ? '' : ` ${t('inv.weeklyUntil', { time: minuteText(weekly.until) })}`;
  return `${span} · ${t('inv.weekly', { days })}${until}`;
}
