import { useComputed } from '@preact/signals';
import { formatNumber, t } from '../i18n/index.js';
import { Link } from '../pages/Link.js';
import { Menu } from '../pages/Menu.js';
import { STATES_BEST_FIRST } from '../state/health.js';
import { nextSession } from '../state/next-session.js';
import { stateWord } from '../text/sentences.js';
import { countdown, dayAndMonth, minuteOfDay, timeOfDay, weekdayOf } from '../text/time.js';
import { useBoard } from './services.js';

/** One line tells the story: session, how many are ready, how fresh the page is, the time. */
export function Header() {
  return (
    <header class="top">
      <h1 class="brand">
        Thông
        <svg viewBox="0 0 26 12" aria-hidden="true">
          <path d="M2 6h22M6.5 1.5 2 6l4.5 4.5M19.5 1.5 24 6l-4.5 4.5" />
        </svg>
        Suốt
      </h1>
      <Menu />
      <SessionLine />
      <Progress />
      <FreshnessLine />
      <WallClock />
    </header>
  );
}

function SessionLine() {
  const { store, clock } = useBoard();
  const session = useComputed(() => nextSession(store.sessions.value, clock.nowMs.value)).value;
  if (!session) {
    return (
      <div class="session">
        <b>{t('session.none')}</b>
        <span>{t('session.noneMeans')}</span>
      </div>
    );
  }
  const { startsMs } = session;
  return (
    <>
      <div class="session">
        <b>
          <Link to={{ page: 'session', id: session.id }} title={session.title}>
            {session.title}
          </Link>
        </b>
        <span>
          {session.rehearsal && <em>{t('session.rehearsal')} </em>}
          {minuteOfDay(startsMs)} {t(`weekday.${weekdayOf(startsMs)}`)} {dayAndMonth(startsMs)}
        </span>
      </div>
      {session.readiness && (
        <div class="verdict" data-verdict={session.readiness.verdict}>
          <b>{t(`verdict.${session.readiness.verdict}`)}</b>
          <span>{t('verdict.ready', { ready: session.readiness.ready, total: session.readiness.total })}</span>
        </div>
      )}
      <div class="countdown">
        <small>{session.running ? t('session.running') : t('session.left')}</small>
        <Countdown startsMs={startsMs} />
      </div>
    </>
  );
}

function Countdown({ startsMs }: { startsMs: number }) {
  const { clock } = useBoard();
  const text = useComputed(() => countdown(Math.abs(startsMs - clock.nowMs.value)));
  return <span>{text}</span>;
}

function Progress() {
  const { store } = useBoard();
  const counts = store.counts.value;
  const total = store.sites.value.length;
  const present = STATES_BEST_FIRST.map((state) => ({ state, count: counts.get(state) ?? 0 })).filter(({ count }) => count > 0);
  const states = present.map(({ state, count }) => `${stateWord(state)} ${count}`).join(', ');
  return (
    <div class="progress">
      <p>
        <b class="progress-ready">{formatNumber(counts.get('ready') ?? 0)}</b>
        <span class="progress-total">{t('progress.total', { total: formatNumber(total) })}</span>
        <span class="progress-meaning">{t('progress.meaning')}</span>
      </p>
      <div class="segments" role="img" aria-label={t('progress.bar', { total, states })} title={states}>
        {present.map(({ state, count }) => (
          <i key={state} data-state={state} style={{ flexGrow: count }} />
        ))}
      </div>
    </div>
  );
}

function FreshnessLine() {
  const { clock } = useBoard();
  const text = useComputed(() => {
    const freshness = clock.freshness.value;
    if (freshness.kind === 'waiting') return t('fresh.waiting');
    if (freshness.kind === 'stale') return t('fresh.stale');
    const seconds = Math.floor(freshness.ageMs / 1000);
    return seconds === 0 ? t('fresh.now') : t('fresh.seconds', { n: seconds });
  });
  const kind = useComputed(() => clock.freshness.value.kind);
  return (
    <p class="freshness" data-freshness={kind}>
      {text}
    </p>
  );
}

function WallClock() {
  const { clock } = useBoard();
  const text = useComputed(() => timeOfDay(clock.nowMs.value));
  return (
    <time class="wall-clock" dateTime={text}>
      {text}
    </time>
  );
}
