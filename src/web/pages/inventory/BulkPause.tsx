import { useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { minuteText } from '../desk/moment.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';
import type { Scope } from './api-types.js';
import { fromLocalInput, toLocalInput } from './local-time.js';
import type { InventoryState } from './inventory-state.js';

const PAUSE_MS = 2 * 3_600_000;

interface Resumed {
  ended: number;
  stillPaused: { endpointId: string; window: { scope: Scope; target: string } }[];
}

/** What is ticked is paused until a moment, or resumed. */
export function BulkPause({ state }: { state: InventoryState }) {
  const { clock } = useBoard();
  const [until, setUntil] = useState(() => toLocalInput(clock.nowMs.peek() + PAUSE_MS));
  const [note, setNote] = useState('');
  const [answer, setAnswer] = useState<ApiResult<unknown> | null>(null);
  const [done, setDone] = useState('');
  const endpoints = [...state.ticked.value];

  const send = async <T,>(what: 'pause' | 'resume', body: object, say: (value: T) => string): Promise<void> => {
    const result = await api<T>(`/maintenance/${what}`, {
      method: 'POST',
      body: { endpoints, by: operatorName.value.trim(), ...body },
    });
    setAnswer(result);
    setDone(result.kind === 'ok' ? say(result.value) : '');
    if (result.kind === 'ok') state.ticked.value = new Set();
  };
  const pause = (event: SubmitEvent): void => {
    event.preventDefault();
    const moment = fromLocalInput(until);
    if (moment === null) return;
    void send<{ paused: string[]; until: string }>('pause', { until: moment, note: note.trim() }, (value) =>
      t('inv.paused', { n: value.paused.length, time: minuteText(value.until) }),
    );
  };

  return (
    <>
      {endpoints.length > 0 && (
        <form class="desk-form inv-bulk" aria-label={t('inv.bulk')} onSubmit={pause}>
          <b>{t('inv.ticked', { n: endpoints.length })}</b>
          <label class="desk-field">
            {t('inv.until')}
            <input type="datetime-local" required value={until} onInput={(event) => setUntil(event.currentTarget.value)} />
          </label>
          <label class="desk-field desk-field-wide">
            {t('inv.pauseNote')}
            <input value={note} maxLength={2000} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
          <WhoField />
          <button type="submit" class="main-button">
            {t('inv.pause')}
          </button>
          <button
            type="button"
            class="quiet-button"
            onClick={(event) => event.currentTarget.form?.reportValidity() && void send<Resumed>('resume', {}, resumedText)}
          >
            {t('inv.resume')}
          </button>
          <button type="button" class="quiet-button" onClick={() => (state.ticked.value = new Set())}>
            {t('inv.untick')}
          </button>
        </form>
      )}
      <p class="inv-done" role="status">
        {done}
      </p>
      {answer?.kind === 'ok' ? null : answer && <AnswerNote answer={answer} />}
    </>
  );
}

function resumedText({ ended, stillPaused }: Resumed): string {
  const resumed = t('inv.resumed', { n: ended });
  const [first] = stillPaused;
  if (!first) return resumed;
  const scope = t(`inv.scope.${first.window.scope}`);
  return `${resumed} ${t('inv.stillPaused', { n: stillPaused.length, scope, target: first.window.target })}`;
}
