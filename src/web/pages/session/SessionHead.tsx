import { useComputed } from '@preact/signals';
import type { SessionView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { stateWord } from '../../text/sentences.js';
import { countdown, minuteOfDay, momentOf } from '../../text/time.js';
import { Link } from '../Link.js';
import type { ReadinessView } from './api-types.js';
import { CalendarSays } from './CalendarSays.js';
import { countsAsReady, presentClasses } from './classes.js';
import { Segments } from './Segments.js';
import type { SessionData } from './session-data.js';
import { sessionTime } from './words.js';

/** The session in one line: what and when, how long still, may it be held, how many are ready. */
export function SessionHead({ data }: { data: SessionData }) {
  const session = data.session.value;
  const readiness = data.readiness.value.value;
  if (!session) return null;
  return (
    <header class="session-head">
      <div class="session-what">
        <h2>{session.title}</h2>
        <p>{sessionTime(session)}</p>
        <p>{detailsOf(session)}</p>
        <Remarks data={data} session={session} />
      </div>
      <TimeLeft session={session} />
      {readiness && session.status === 'planned' && <VerdictNow readiness={readiness} />}
    </header>
  );
}

function detailsOf({ connectBy, startsAt, host, invitationNumber }: SessionView): string {
  const parts = [
    t('sessionPage.connectBy', { time: momentOf(Date.parse(connectBy), Date.parse(startsAt)) }),
    host && t('sessionPage.host', { host }),
    invitationNumber && t('sessionPage.invitation', { number: invitationNumber }),
  ];
  return parts.filter(Boolean).join(' · ');
}

/** What whoever relies on this session has to know besides. */
function Remarks({ data, session }: { data: SessionData; session: SessionView }) {
  const { store } = useBoard();
  const titleOf = (id: string): string => store.sessions.value.find((one) => one.id === id)?.title ?? id;
  return (
    <ul class="session-remarks">
      {session.status === 'cancelled' && <li data-remark="cancelled">{t('sessionPage.cancelled')}</li>}
      {session.rehearsal && <li>{t('sessionPage.rehearsal')}</li>}
      {session.need === 'audio' && <li>{t('sessionPage.audioOnly')}</li>}
      {session.calendarSays && <CalendarSays data={data} says={session.calendarSays} />}
      {session.overlaps.map((id) => (
        <li key={id} data-remark="overlap">
          {t('sessionPage.overlap')} <Link to={{ page: 'session', id }}>{titleOf(id)}</Link>
        </li>
      ))}
    </ul>
  );
}

function TimeLeft({ session }: { session: SessionView }) {
  const { clock } = useBoard();
  const startsMs = Date.parse(session.startsAt);
  const endsMs = Date.parse(session.endsAt);
  const isOver = useComputed(() => clock.nowMs.value >= endsMs).value;
  const isRunning = useComputed(() => clock.nowMs.value >= startsMs).value;
  const text = useComputed(() => countdown(Math.abs(startsMs - clock.nowMs.value)));
  if (session.status === 'cancelled') return null;
  if (isOver) return <p class="session-over">{t('sessionPage.over', { time: momentOf(endsMs, clock.nowMs.peek()) })}</p>;
  return (
    <p class="countdown" role="timer">
      <small>{isRunning ? t('session.running') : t('session.left')}</small>
      <span>{text}</span>
    </p>
  );
}

function VerdictNow({ readiness }: { readiness: ReadinessView }) {
  const ready = readiness.sites.filter(countsAsReady).length;
  const classes = presentClasses(readiness);
  const words = classes.map(({ state, count }) => `${stateWord(state)} ${formatNumber(count)}`);
  return (
    <div class="session-verdict" data-verdict={readiness.verdict}>
      <p class="verdict-word">{t(`sessionPage.verdict.${readiness.verdict}`)}</p>
      <p class="verdict-count">
        <b>{formatNumber(ready)}</b>
        <span>/{formatNumber(readiness.total)}</span> {t('progress.meaning')}
      </p>
      <Segments classes={classes} label={words.join(', ')} />
      <p class="verdict-more">
        {words.join(' · ')}. {missingSentence(readiness)} {t('sessionPage.asOf', { time: minuteOfDay(Date.parse(readiness.at)) })}
      </p>
    </div>
  );
}

function missingSentence({ missingMustHave, sites }: ReadinessView): string {
  if (missingMustHave.length === 0) return '';
  const names = new Map(sites.map(({ siteCode, siteName }) => [siteCode, siteName]));
  return t('sessionPage.missing', { names: missingMustHave.map((code) => names.get(code) ?? code).join(', ') });
}
