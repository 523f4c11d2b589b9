import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { useRemote } from '../desk/use-remote.js';
import { Link } from '../Link.js';
import type { AuditLine, ContactLog } from './api-types.js';
import { momentText } from '../desk/moment.js';

/** What happened to it, when, and through whom. */
export function Audit({ lines }: { lines: readonly AuditLine[] }) {
  return (
    <section aria-labelledby="incident-audit">
      <h3 id="incident-audit" class="desk-heading">
        {t('incident.audit')}
      </h3>
      <ol class="incident-audit">
        {lines.map((line, index) => (
          <li key={index}>
            <time>{momentText(line.at)}</time>
            <span>
              <b>{t(`incident.event.${line.type}`)}</b> {eventText(line)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function eventText({ by, note, joined, left }: AuditLine): string {
  return [
    by === 'monitor' ? '' : by,
    note,
    joined.length ? t('incident.joined', { n: joined.length }) : '',
    left.length ? t('incident.leftCount', { n: left.length }) : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** What its sites said on the phone while it lasted. */
export function Contacts({ id, isOpen }: { id: string; isOpen: boolean }) {
  const { store } = useBoard();
  const { answer, value } = useRemote<ContactLog>(`/incidents/${encodeURIComponent(id)}/contact-log`, isOpen);
  return (
    <section aria-labelledby="incident-contacts">
      <h3 id="incident-contacts" class="desk-heading">
        {t('incident.contacts')}
      </h3>
      <AnswerNote answer={answer} />
      {value?.items.length === 0 && <p class="desk-note">{t('incident.noContacts')}</p>}
      <ol class="incident-audit">
        {value?.items.map((entry) => (
          <li key={entry.id}>
            <time>{momentText(entry.at)}</time>
            <span>
              <Link to={{ page: 'site', code: entry.siteCode }}>{store.site(entry.siteCode)?.name ?? entry.siteCode}</Link>{' '}
              {entry.note} <small>{entry.by}</small>
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}
