import { useEffect, useMemo } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { useShortcut } from '../../board/shortcuts.js';
import { formatNumber, t } from '../../i18n/index.js';
import { operatorName } from '../desk/operator-name.js';
import { WhoField } from '../desk/WhoField.js';
import { openCount, RollCallDesk } from './roll-call-desk.js';
import { RollCallList } from './RollCallList.js';
import { RollCallName } from './RollCallName.js';
import type { SessionData } from './session-data.js';
import { failureSentence } from '../../text/failures.js';

/** Suggestions come and go with the rooms' calls. */
const RENEW_MS = 10_000;

/** Điểm danh: one name at a time, a key for each answer, no hand at the mouse. */
export function RollCallPage({ data, onLeave }: { data: SessionData; onLeave: () => void }) {
  const desk = useDesk(data);
  useKeys(desk, onLeave);
  const failure = desk.failure.value;
  return (
    <div class="roll-call">
      <header class="roll-head">
        <div>
          <h2>{t('rollCall.title')}</h2>
          <p>{data.session.value?.title}</p>
        </div>
        <Counts desk={desk} />
        <WhoField />
        <button type="button" class="quiet-button" onClick={onLeave}>
          {t('panel.close')}
        </button>
      </header>
      {failure && (
        <p class="session-failure" role="alert">
          {failure.siteName} {failureSentence(failure.failure)}
        </p>
      )}
      <div class="roll-columns">
        <RollCallName desk={desk} data={data} />
        <RollCallList desk={desk} />
      </div>
    </div>
  );
}

function useDesk(data: SessionData): RollCallDesk {
  const { clock } = useBoard();
  const connectBy = data.session.value?.connectBy ?? '';
  const desk = useMemo(
    () =>
      new RollCallDesk({
        sessionId: data.id,
        connectByMs: Date.parse(connectBy),
        nowMs: () => clock.nowMs.peek(),
        by: () => operatorName.peek().trim() || t('rollCall.unnamed'),
      }),
    [data, connectBy, clock],
  );
  useEffect(() => {
    void desk.load();
    const renewal = setInterval(() => void desk.load(), RENEW_MS);
    return () => clearInterval(renewal);
  }, [desk]);
  return desk;
}

/** Digits for whoever writes Vietnamese: an input method may swallow letters. */
function useKeys(desk: RollCallDesk, onLeave: () => void): void {
  useShortcut('1', () => desk.press('present'));
  useShortcut('2', () => desk.press('late'));
  useShortcut('3', () => desk.press('absent'));
  useShortcut('4', () => desk.press('dropped'));
  useShortcut('c', () => desk.press('present'));
  useShortcut('m', () => desk.press('late'));
  useShortcut('v', () => desk.press('absent'));
  useShortcut('r', () => desk.press('dropped'));
  useShortcut('u', () => desk.press('undo'));
  useShortcut('Backspace', () => desk.press('undo'));
  useShortcut('ArrowRight', () => desk.press('next'));
  useShortcut('ArrowLeft', () => desk.press('previous'));
  useShortcut('n', () => desk.press('nextOpen'));
  useShortcut('s', () => desk.accept());
  useShortcut('Escape', onLeave);
}

function Counts({ desk }: { desk: RollCallDesk }) {
  const counts = desk.counts.value;
  return (
    <ul class="roll-counts" aria-label={t('rollCall.counts')}>
      {(['on-time', 'late', 'absent', 'dropped'] as const).map((state) => (
        <li key={state} data-attendance={state}>
          <b>{formatNumber(counts[state])}</b> {t(`rollCall.state.${state}`)}
        </li>
      ))}
      <li data-attendance="expected">
        <b>{formatNumber(openCount(counts))}</b> {t('rollCall.open')}
      </li>
    </ul>
  );
}
