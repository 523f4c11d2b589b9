import { useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import type { Weekday } from '../../text/time.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';
import { type MaintenanceWindow, type Scope, SCOPES } from './api-types.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import type { Row } from './rows.js';

/** 1 = Monday ... 7 = Sunday, as the API counts them */
const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const HOUR_MS = 3_600_000;

interface MaintenanceFormProps {
  /** null: a new one */
  window: MaintenanceWindow | null;
  rows: readonly Row[];
  onClose: () => void;
}

export function MaintenanceForm({ window, rows, onClose }: MaintenanceFormProps) {
  const { clock } = useBoard();
  const [scope, setScope] = useState<Scope>(window?.scope ?? 'carrier');
  const [target, setTarget] = useState(window?.target ?? '');
  const [from, setFrom] = useState(() => toLocalInput(window ? Date.parse(window.from) : clock.nowMs.peek()));
  const [to, setTo] = useState(() => toLocalInput(window ? Date.parse(window.to) : clock.nowMs.peek() + 2 * HOUR_MS));
  const [weekdays, setWeekdays] = useState<readonly number[]>(window?.weekly?.weekdays ?? []);
  const [until, setUntil] = useState(() => (window?.weekly?.until ? toLocalInput(Date.parse(window.weekly.until)) : ''));
  const [note, setNote] = useState(window?.note ?? '');
  const [answer, setAnswer] = useState<ApiResult<unknown> | null>(null);

  const save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const weekly = weekdays.length ? { weekdays, until: fromLocalInput(until) } : null;
    const body = {
      ...{ scope, target: target.trim(), from: fromLocalInput(from), to: fromLocalInput(to), weekly },
      ...{ note: note.trim(), by: operatorName.value.trim() },
    };
    const result = await (window
      ? api(`/maintenance/${encodeURIComponent(window.id)}`, { method: 'PUT', body })
      : api('/maintenance', { method: 'POST', body }));
    setAnswer(result);
    if (result.kind === 'ok') onClose();
  };
  const toggle = (day: number, isOn: boolean): void =>
    setWeekdays((days) => (isOn ? [...days, day] : days.filter((one) => one !== day)));

  return (
    <form class="desk-form" aria-label={t('inv.windowForm')} onSubmit={(event) => void save(event)}>
      <label class="desk-field">
        {t('inv.scope')}
        <select value={scope} onChange={(event) => setScope(event.currentTarget.value as Scope)}>
          {SCOPES.map((one) => (
            <option key={one} value={one}>
              {t(`inv.scope.${one}`)}
            </option>
          ))}
        </select>
      </label>
      <label class="desk-field">
        {t('inv.target')}
        <input list="inv-targets" required value={target} onInput={(event) => setTarget(event.currentTarget.value)} />
        <datalist id="inv-targets">
          {targetsOf(scope, rows).map(([value, name]) => (
            <option key={value} value={value} label={name} />
          ))}
        </datalist>
      </label>
      <Moment name={t('inv.from')} value={from} onValue={setFrom} isNeeded />
      <Moment name={t('inv.to')} value={to} onValue={setTo} isNeeded />
      <fieldset class="inv-weekdays">
        <legend>{t('inv.repeat')}</legend>
        {WEEKDAYS.map((day) => (
          <label key={day}>
            <input
              type="checkbox"
              checked={weekdays.includes(day)}
              onChange={(event) => toggle(day, event.currentTarget.checked)}
            />{' '}
            {t(`weekday.${(day % 7) as Weekday}`)}
          </label>
        ))}
      </fieldset>
      {weekdays.length > 0 && <Moment name={t('inv.repeatUntil')} value={until} onValue={setUntil} />}
      <label class="desk-field desk-field-wide">
        {t('inv.pauseNote')}
        <input value={note} maxLength={2000} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <WhoField />
      <button type="submit" class="main-button">
        {t('inv.save')}
      </button>
      <button type="button" class="quiet-button" onClick={onClose}>
        {t('inv.cancel')}
      </button>
      {answer && <AnswerNote answer={answer} />}
    </form>
  );
}

interface MomentProps {
  name: string;
  value: string;
  onValue: (value: string) => void;
  isNeeded?: boolean;
}

function Moment({ name, value, onValue, isNeeded = false }: MomentProps) {
  return (
    <label class="desk-field">
      {name}
      <input type="datetime-local" required={isNeeded} value={value} onInput={(event) => onValue(event.currentTarget.value)} />
    </label>
  );
}

/** What a window can be aimed at, with the name beside a code. */
function targetsOf(scope: Scope, rows: readonly Row[]): [string, string][] {
  const pairs = rows.map(({ record }): [string, string] => {
    if (scope === 'area' || scope === 'carrier') return [record[scope], ''];
    return [scope === 'site' ? record.siteCode : record.id, record.siteName];
  });
  return [...new Map(pairs.filter(([value]) => value !== ''))];
}
