import { useState } from 'preact/hooks';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { momentText } from '../desk/moment.js';
import { useRemote } from '../desk/use-remote.js';
import { ContactForm } from '../session/ContactForm.js';
import type { ContactLog as Log } from './api-types.js';

/** What was said on the phone with this site, newest first, and one line more of it. */
export function ContactLog({ code }: { code: string }) {
  const { answer, value, reload } = useRemote<Log>(`/sites/${encodeURIComponent(code)}/contact-log?limit=20`);
  const [isWriting, setWriting] = useState(false);
  return (
    <section aria-labelledby="site-contacts">
      <h3 id="site-contacts" class="desk-heading">
        {t('incident.contacts')}
      </h3>
      <AnswerNote answer={answer} />
      {isWriting ? (
        <ContactForm siteCode={code} onSaved={reload} onClose={() => setWriting(false)} />
      ) : (
        <button type="button" class="quiet-button" onClick={() => setWriting(true)}>
          {t('sitePage.note')}
        </button>
      )}
      {value?.items.length === 0 && <p class="desk-note">{t('incident.noContacts')}</p>}
      <ol class="incident-audit">
        {value?.items.map(({ id, at, by, note }) => (
          <li key={id}>
            <time>{momentText(at)}</time>
            <span>
              {note} <small>{by}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
