import { useId, useState } from 'preact/hooks';
import type { SessionView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { momentOf } from '../../text/time.js';
import { Link } from '../Link.js';
import { sessionTime } from '../session/words.js';

interface SessionListProps {
  title: string;
  sessions: readonly SessionView[];
  /** to name those that overlap */
  all: readonly SessionView[];
}

const AT_FIRST = 30;

export function SessionList({ title, sessions, all }: SessionListProps) {
  const [isWhole, setWhole] = useState(false);
  const titleId = useId();
  const shown = isWhole ? sessions : sessions.slice(0, AT_FIRST);
  return (
    <section class="session-block session-list" aria-labelledby={titleId}>
      <h3 id={titleId}>
        {title} <span>{formatNumber(sessions.length)}</span>
      </h3>
      {sessions.length === 0 && <p class="side-empty">{t('sessionsPage.none')}</p>}
      <ul>
        {shown.map((session) => (
          <Entry key={session.id} session={session} all={all} />
        ))}
      </ul>
      {shown.length < sessions.length && (
        <button type="button" class="quiet-button" onClick={() => setWhole(true)}>
          {t('sessionsPage.more', { n: sessions.length - shown.length })}
        </button>
      )}
    </section>
  );
}

function Entry({ session, all }: { session: SessionView; all: readonly SessionView[] }) {
  const { clock } = useBoard();
  const { status, overlaps, rehearsal, host, participantCount } = session;
  const isComing = Date.parse(session.endsAt) > clock.nowMs.peek();
  return (
    <li data-status={status}>
      <p>
        <Link to={{ page: 'session', id: session.id }}>{session.title}</Link>
        {status === 'cancelled' && <em>{t('sessionsPage.cancelled')}</em>}
        {rehearsal && <em>{t('sessionsPage.rehearsal')}</em>}
      </p>
      <p class="session-when">
        {sessionTime(session)} · {t('sessionsPage.sites', { n: participantCount })}
        {host && ` · ${host}`}
      </p>
      {isComing && status === 'planned' && <VerdictWord session={session} />}
      {overlaps.map((id) => (
        <Overlap key={id} id={id} other={all.find((one) => one.id === id)} />
      ))}
    </li>
  );
}

function VerdictWord({ session: { verdict, ready, total } }: { session: SessionView }) {
  if (!verdict || ready === undefined || total === undefined) return null;
  return (
    <p class="verdict-line" data-verdict={verdict}>
      <b>{t(`sessionPage.verdict.${verdict}`)}</b> {formatNumber(ready)}/{formatNumber(total)}
    </p>
  );
}

function Overlap({ id, other }: { id: string; other: SessionView | undefined }) {
  const { clock } = useBoard();
  return (
    <p class="overlap-line">
      {t('sessionPage.overlap')} <Link to={{ page: 'session', id }}>{other?.title ?? id}</Link>{' '}
      {other && momentOf(Date.parse(other.startsAt), clock.nowMs.peek())}
    </p>
  );
}
