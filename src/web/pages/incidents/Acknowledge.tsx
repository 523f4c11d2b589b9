import { useState } from 'preact/hooks';
import type { IncidentView } from '../../../live/feed-events.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { isOver } from '../../state/incidents.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';

/** Says that somebody looks after it, so that nobody else begins anew. */
export function Acknowledge({ incident, onAcknowledged }: { incident: IncidentView; onAcknowledged: () => void }) {
  const { acknowledged, id } = incident;
  const [note, setNote] = useState('');
  const [answer, setAnswer] = useState<ApiResult<unknown> | null>(null);
  const [isSending, setSending] = useState(false);

  const send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setSending(true);
    const body = { by: operatorName.value.trim(), note: note.trim() };
    const result = await api(`/incidents/${encodeURIComponent(id)}/acknowledgement`, { method: 'POST', body });
    setSending(false);
    setAnswer(result);
    if (result.kind !== 'ok') return;
    setNote('');
    onAcknowledged();
  };

  return (
    <>
      {acknowledged && (
        <p class="incident-taken" role="status">
          {t('incidents.acknowledged', { by: acknowledged.by, note: acknowledged.note })}
        </p>
      )}
      {!isOver(incident) && (
        <form class="desk-form" onSubmit={(event) => void send(event)}>
          <WhoField />
          <label class="desk-field desk-field-wide">
            {t('incident.note')}
            <input value={note} maxLength={2000} onInput={(event) => setNote(event.currentTarget.value)} />
          </label>
          <button type="submit" class="main-button" disabled={isSending}>
            {acknowledged ? t('incident.acknowledgeAgain') : t('incident.acknowledge')}
          </button>
        </form>
      )}
      {answer && <AnswerNote answer={answer} />}
    </>
  );
}
