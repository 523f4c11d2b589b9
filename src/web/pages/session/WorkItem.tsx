import { useBoard } from '../../board/services.js';
import { StateIcon } from '../../board/icons.js';
import { PhoneLink } from '../../board/PhoneLink.js';
import { t } from '../../i18n/index.js';
import { sinceText, stateWord } from '../../text/sentences.js';
import { momentOf } from '../../text/time.js';
import { Link } from '../Link.js';
import type { Person, SiteReadiness } from './api-types.js';
import { ContactForm } from './ContactForm.js';
import type { SessionData } from './session-data.js';
import { evidenceOf, repairOf, sentenceOf } from './words.js';
import { canBeTested } from './worklist-rows.js';

interface WorkItemProps {
  site: SiteReadiness;
  data: SessionData;
  isPresent: boolean;
  isChosen: boolean;
  isNoting: boolean;
  onFocus: () => void;
  onChoose: () => void;
  onNote: () => void;
  onNoted: () => void;
}

/** One site that is not ready: why, since when, how it is known, whom to phone, what was said. */
export function WorkItem({ site, data, isPresent, isChosen, isNoting, onFocus, onChoose, onNote, onNoted }: WorkItemProps) {
  return (
    <li
      class="work-item"
      data-site={site.siteCode}
      data-state={site.state}
      tabIndex={isPresent ? 0 : -1}
      onFocusCapture={onFocus}
    >
      <input
        type="checkbox"
        checked={isChosen}
        disabled={!canBeTested(site)}
        aria-label={t('sessionPage.choose', { name: site.siteName })}
        onChange={onChoose}
      />
      <StateIcon state={site.state} />
      <What site={site} />
      <div class="work-people">
        <Contact person={site.contact} />
        {site.deputy.phone !== '' && <Contact person={site.deputy} />}
      </div>
      <div class="work-actions">
        <button
          type="button"
          class="quiet-button"
          aria-label={t('sessionPage.noteFor', { name: site.siteName })}
          onClick={onNote}
        >
          {t('sessionPage.note')}
        </button>
        <button
          type="button"
          class="quiet-button"
          disabled={!canBeTested(site)}
          aria-label={t('sessionPage.testOne', { name: site.siteName })}
          onClick={() => void data.retests.request({ sites: [site.siteCode], override: true })}
        >
          {t('sessionPage.test')}
        </button>
      </div>
      <Notes site={site} />
      {isNoting && <ContactForm siteCode={site.siteCode} onSaved={() => data.refresh()} onClose={onNoted} />}
    </li>
  );
}

function What({ site }: { site: SiteReadiness }) {
  const { clock } = useBoard();
  const nowMs = clock.nowMs.peek();
  const repair = repairOf(site);
  return (
    <div class="work-what">
      <p>
        <Link to={{ page: 'site', code: site.siteCode }}>{site.siteName}</Link>{' '}
        <span class="work-state">{stateWord(site.state)}</span> <span class="work-since">{sinceText(site, nowMs)}</span>
        {site.mustHave && <em>{t('sessionPage.mustHave')}</em>}
        {site.role === 'counterpart' && <em>{t('sessionPage.counterpart')}</em>}
        {!site.required && <em>{t('sessionPage.optional')}</em>}
      </p>
      <p class="work-why">
        {sentenceOf(site)}
        {site.usesBackup && ` (${t('sessionPage.onBackup')})`}
        {site.incident?.ofMany && (
          <>
            {' · '}
            <Link to={{ page: 'incidents', id: site.incident.id }}>{t('sessionPage.oneOfMany')}</Link>
          </>
        )}
      </p>
      <p class="work-evidence">{[evidenceOf(site, nowMs), repair].filter((part) => part !== '').join(' · ')}</p>
    </div>
  );
}

function Contact({ person }: { person: Person }) {
  return (
    <p>
      <span>{person.name}</span> <PhoneLink name={person.name} phone={person.phone} />
    </p>
  );
}

const SHOWN_NOTES = 3;

function Notes({ site }: { site: SiteReadiness }) {
  const { clock } = useBoard();
  if (site.contactLog.length === 0) return null;
  return (
    <ol class="work-notes" aria-label={t('sessionPage.notes')}>
      {site.contactLog.slice(0, SHOWN_NOTES).map(({ at, by, note }) => (
        <li key={at}>
          <time>{momentOf(Date.parse(at), clock.nowMs.peek())}</time> {note} <span>{by}</span>
        </li>
      ))}
    </ol>
  );
}
