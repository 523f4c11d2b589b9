import { useRef, useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { momentText } from '../desk/moment.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';

/** The switch that stops all test calls at once, with a question before: nobody should press it, or lift it, by mistake. */
export function GlobalStop() {
  const { store } = useBoard();
  const stop = store.monitor.value?.stop ?? null;
  const dialog = useRef<HTMLDialogElement>(null);
  const [note, setNote] = useState('');
  const [everything, setEverything] = useState(false);
  const [answer, setAnswer] = useState<ApiResult<unknown> | null>(null);

  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const said = { by: operatorName.value.trim(), note: note.trim() };
    const result = await api(stop ? '/monitor/resume' : '/monitor/stop', {
      method: 'POST',
      body: stop ? said : { ...said, everything },
    });
    setAnswer(result);
    if (result.kind !== 'ok') return;
    setNote('');
    dialog.current?.close();
  };

  return (
    <section class="system-stop" data-stopped={stop !== null} aria-labelledby="system-stop-title">
      <h3 id="system-stop-title">{t('system.stop')}</h3>
      <p role="status">
        {stop
          ? t(`system.stopped.${stop.level}`, { by: stop.by, since: momentText(stop.since), note: stop.note })
          : t('system.notStopped')}
      </p>
      <button type="button" class="main-button" onClick={() => dialog.current?.showModal()}>
        {stop ? t('system.resumeCalls') : t('system.stopCalls')}
      </button>
      <dialog ref={dialog} class="help" aria-labelledby="system-stop-question">
        <h2 id="system-stop-question">{stop ? t('system.resumeQuestion') : t('system.stopQuestion')}</h2>
        <form onSubmit={(event) => void send(event)}>
          <div class="desk-form">
            <WhoField />
            <label class="desk-field desk-field-wide">
              {t('system.stopNote')}
              <input value={note} maxLength={1000} onInput={(event) => setNote(event.currentTarget.value)} />
            </label>
          </div>
          {!stop && (
            <label class="system-everything">
              <input type="checkbox" checked={everything} onChange={(event) => setEverything(event.currentTarget.checked)} />{' '}
              {t('system.everything')}
            </label>
          )}
          <div class="desk-form">
            <button type="submit" class="main-button">
              {stop ? t('system.yesResume') : t('system.yesStop')}
            </button>
            <button type="button" class="quiet-button" onClick={() => dialog.current?.close()}>
              {t('system.leave')}
            </button>
          </div>
          {answer && <AnswerNote answer={answer} />}
        </form>
      </dialog>
    </section>
  );
}
