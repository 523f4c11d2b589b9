import { t } from '../../i18n/index.js';
import { Link } from '../Link.js';
import type { PageProps } from '../route.js';
import { DisplayList } from './DisplayList.js';
import { enterMode, useMode } from './mode.js';
import { Overview } from './Overview.js';
import { RollCallPage } from './RollCallPage.js';
import { Roster } from './Roster.js';
import type { SessionData } from './session-data.js';
import { useSession } from './use-session.js';
import { failureSentence } from '../../text/failures.js';
import '../../styles/desk.css';
import '../../styles/sessions.css';
import '../../styles/session.css';
import '../../styles/roll-call.css';

/** One session: who is ready, who is not and what to do about it, who came. */
export function SessionPage({ route }: PageProps<'session'>) {
  return <OneSession key={route.id} id={route.id} />;
}

function OneSession({ id }: { id: string }) {
  const data = useSession(id);
  const session = data.session.value;
  if (!session) return <NotThere data={data} />;
  return <Content data={data} />;
}

function Content({ data }: { data: SessionData }) {
  const mode = useMode();
  const leave = (): void => enterMode('overview');
  switch (mode) {
    case 'roll-call':
      return <RollCallPage data={data} onLeave={leave} />;
    case 'display':
      return <DisplayList data={data} onLeave={leave} />;
    case 'roster':
      return <Roster data={data} onLeave={leave} />;
    default:
      return <Overview data={data} />;
  }
}

function NotThere({ data }: { data: SessionData }) {
  const failure = data.asked.failure.value;
  if (!failure) return <p class="page-note">{t('sessionPage.loading')}</p>;
  const isGone = failure.kind === 'refused' && failure.status === 404;
  return (
    <section class="page-note" role="alert">
      <h2>{isGone ? t('sessionPage.gone') : failureSentence(failure)}</h2>
      <p>
        <Link to={{ page: 'sessions' }}>{t('sessionPage.toSessions')}</Link>
      </p>
    </section>
  );
}
