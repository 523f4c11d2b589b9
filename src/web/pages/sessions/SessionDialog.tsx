import { useState } from 'preact/hooks';
import type { SessionView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { api, type ApiResult } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';
import { failureSentence } from '../../text/failures.js';
import { CheckpointChoice } from './CheckpointChoice.js';
import { Modal } from './Modal.js';
import { ParticipantFields } from './ParticipantFields.js';
import {
  bodyOf,
  draftOf,
  draftProblems,
  fieldErrors,
  type FieldsProps,
  newDraft,
  type SessionDraft,
  withStart,
} from './session-draft.js';

interface SessionDialogProps {
  /** of a new session */
  day?: string;
  /** the session to change, as it was read */
  before?: { session: SessionView; etag: string | null };
  onClose: () => void;
}

/** A session, new or changed. What another person saved meanwhile is never overwritten: the change goes out with the ETag. */
export function SessionDialog({ day = '', before, onClose }: SessionDialogProps) {
  const { navigation, clock } = useBoard();
  const [draft, setDraft] = useState<SessionDraft>(() => (before ? draftOf(before.session) : newDraft(day, clock.nowMs.peek())));
  const [answer, setAnswer] = useState<ApiResult<SessionView> | null>(null);
  const [isSending, setSending] = useState(false);
  const problems = draftProblems(draft);
  const change = (part: Partial<SessionDraft>): void => setDraft((present) => ({ ...present, ...part }));

  async function send(body: Record<string, unknown>): Promise<void> {
    setSending(true);
    const result = await (before
      ? api<SessionView>(`/sessions/${encodeURIComponent(before.session.id)}`, {
          ...{ method: 'PATCH', body },
          ...(before.etag === null ? {} : { etag: before.etag }),
        })
      : api<SessionView>('/sessions', { method: 'POST', body }));
    setSending(false);
    setAnswer(result);
    if (result.kind !== 'ok') return;
    onClose();
    if (!before) navigation.go({ page: 'session', id: result.value.id });
  }
  const by = operatorName.value.trim();
  return (
    <Modal title={before ? t('sessionForm.edit') : t('sessionForm.new')} onClose={onClose}>
      <form
        class="session-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.length === 0 && !isSending) void send(bodyOf(draft, by));
        }}
      >
        <TextFields draft={draft} onChange={change} />
        <TimeFields draft={draft} onChange={change} />
        <ParticipantFields draft={draft} onChange={change} />
        <CheckpointChoice chosen={draft.checkpoints} onChange={(checkpoints) => change({ checkpoints })} />
        <Switches draft={draft} onChange={change} />
        <WhoField />
        <div role="alert" class="form-problems">
          {problems.map((problem) => (
            <p key={problem}>{t(`sessionForm.problem.${problem}`)}</p>
          ))}
          {answer && answer.kind !== 'ok' && <Refusal answer={answer} />}
        </div>
        <div class="form-buttons">
          <button type="submit" class="main-button" disabled={isSending || problems.length > 0}>
            {t('sessionPage.save')}
          </button>
          {before && (
            <CancelButton session={before.session} onSend={(status) => void send({ status, ...(by === '' ? {} : { by }) })} />
          )}
        </div>
      </form>
    </Modal>
  );
}

function TextFields({ draft, onChange }: FieldsProps) {
  return (
    <>
      <label class="wide">
        {t('sessionForm.title')}
        <input required maxLength={300} value={draft.title} onInput={(event) => onChange({ title: event.currentTarget.value })} />
      </label>
      <label>
        {t('sessionForm.host')}
        <input maxLength={200} value={draft.host} onInput={(event) => onChange({ host: event.currentTarget.value })} />
      </label>
      <label>
        {t('sessionForm.invitation')}
        <input
          maxLength={200}
          value={draft.invitationNumber}
          onInput={(event) => onChange({ invitationNumber: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

function TimeFields({ draft, onChange }: FieldsProps) {
  return (
    <fieldset class="wide three">
      <legend>{t('sessionForm.times')}</legend>
      <label>
        {t('sessionForm.startsAt')}
        <input
          type="datetime-local"
          required
          value={draft.startsAt}
          onChange={(event) => onChange(withStart(draft, event.currentTarget.value))}
        />
      </label>
      <label>
        {t('sessionForm.endsAt')}
        <input
          type="datetime-local"
          required
          value={draft.endsAt}
          onChange={(event) => onChange({ endsAt: event.currentTarget.value })}
        />
      </label>
      <label>
        {t('sessionForm.connectBy')}
        <input
          type="datetime-local"
          value={draft.connectBy}
          onChange={(event) => onChange({ connectBy: event.currentTarget.value })}
        />
      </label>
    </fieldset>
  );
}

function Switches({ draft, onChange }: FieldsProps) {
  return (
    <div class="wide switches">
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.rehearsal}
          onChange={(event) => onChange({ rehearsal: event.currentTarget.checked })}
        />
        {t('sessionForm.rehearsal')}
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={draft.audioOnly}
          onChange={(event) => onChange({ audioOnly: event.currentTarget.checked })}
        />
        {t('sessionForm.audioOnly')}
      </label>
    </div>
  );
}

/** Asks once more: whoever cancels a session stops its tests. */
function CancelButton({ session, onSend }: { session: SessionView; onSend: (status: SessionView['status']) => void }) {
  const [isAsking, setAsking] = useState(false);
  if (session.status === 'cancelled')
    return (
      <button type="button" class="quiet-button" onClick={() => onSend('planned')}>
        {t('sessionForm.restore')}
      </button>
    );
  return (
    <button
      type="button"
      class="quiet-button"
      data-danger={isAsking}
      onClick={() => (isAsking ? onSend('cancelled') : setAsking(true))}
    >
      {isAsking ? t('sessionForm.cancelSurely') : t('sessionForm.cancel')}
    </button>
  );
}

function Refusal({ answer }: { answer: Exclude<ApiResult<unknown>, { kind: 'ok' }> }) {
  if (answer.kind === 'refused' && answer.status === 412) return <p>{t('sessionForm.changedMeanwhile')}</p>;
  const errors = fieldErrors(answer);
  if (errors.length === 0) return <p>{failureSentence(answer)}</p>;
  return (
    <>
      {errors.map(({ field, found, allowed }) => (
        <p key={`${field} ${found}`}>{t('sessionForm.fieldError', { field, found, allowed })}</p>
      ))}
    </>
  );
}
