import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { api } from '../../feed/api.js';
import { t } from '../../i18n/index.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';
import { failureSentence } from '../../text/failures.js';

/** What was said on the phone, in one line: Enter keeps it, Escape leaves. */
export function ContactForm({ siteCode, onSaved, onClose }: { siteCode: string; onSaved: () => void; onClose: () => void }) {
  const field = useRef<HTMLInputElement>(null);
  const [note, setNote] = useState('');
  const [problem, setProblem] = useState('');
  const [isSaving, setSaving] = useState(false);
  useLayoutEffect(() => field.current?.focus(), []);

  async function save(): Promise<void> {
    setSaving(true);
    const path = `/sites/${encodeURIComponent(siteCode)}/contact-log`;
    const answer = await api(path, { method: 'POST', body: { by: operatorName.value.trim(), note: note.trim() } });
    setSaving(false);
    if (answer.kind !== 'ok') return setProblem(failureSentence(answer));
    onSaved();
    onClose();
  }
  return (
    <form
      class="contact-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSaving) void save();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <label>
        {t('sessionPage.noteText')}
        <input ref={field} required maxLength={2000} value={note} onInput={(event) => setNote(event.currentTarget.value)} />
      </label>
      <WhoField />
      <button type="submit" class="main-button">
        {t('sessionPage.save')}
      </button>
      <button type="button" class="quiet-button" onClick={onClose}>
        {t('panel.close')}
      </button>
      {problem !== '' && <p role="alert">{problem}</p>}
    </form>
  );
}
