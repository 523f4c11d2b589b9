import { useBoard } from '../../board/services.js';
import { PhoneLink } from '../../board/PhoneLink.js';
import { StateIcon } from '../../board/icons.js';
import { t } from '../../i18n/index.js';
import { stateWord } from '../../text/sentences.js';
import { minuteOfDay, timeOfDay } from '../../text/time.js';
import { type AttendanceView, type Mark, MARKS } from './api-types.js';
import type { RollCallDesk } from './roll-call-desk.js';
import type { SessionData } from './session-data.js';

const KEY_OF: Record<Mark, string> = { present: '1', late: '2', absent: '3', dropped: '4' };

const KEY_OF_SUGGESTION = 's';

/** The site that is called now, in letters that are read from across the room. */
export function RollCallName({ desk, data }: { desk: RollCallDesk; data: SessionData }) {
  const shown = desk.shown.value;
  const state = desk.state.value;
  if (!state) return <p class="side-empty">{t('sessionPage.loading')}</p>;
  if (!shown) return <p class="side-empty">{t('rollCall.nobody')}</p>;
  return (
    <section class="roll-name" aria-label={t('rollCall.called')}>
      <p class="roll-place">
        {state.at + 1}/{state.order.length}
      </p>
      <h3 aria-live="assertive" data-attendance={shown.state}>
        {shown.siteName}
      </h3>
      <p class="roll-state" data-attendance={shown.state}>
        <b>{t(`rollCall.state.${shown.state}`)}</b>
        {shown.arrivedAt !== null && ` ${minuteOfDay(Date.parse(shown.arrivedAt))}`}
      </p>
      <DeviceNow siteCode={shown.siteCode} />
      <ContactLine siteCode={shown.siteCode} data={data} />
      {shown.suggestion && (
        <p class="roll-suggestion">
          {t('rollCall.suggestion', { time: minuteOfDay(Date.parse(shown.suggestion.at)) })}{' '}
          <button type="button" class="quiet-button" onClick={() => desk.accept()}>
            <kbd>{KEY_OF_SUGGESTION}</kbd> {t(`rollCall.mark.${shown.suggestion.mark}`)}
          </button>
        </p>
      )}
      <Keys desk={desk} />
      <History shown={shown} />
    </section>
  );
}

const MOVES = [
  ['←', 'previous'],
  ['→', 'next'],
  ['n', 'nextOpen'],
  ['u', 'undo'],
] as const;

function Keys({ desk }: { desk: RollCallDesk }) {
  return (
    <>
      <div class="roll-keys">
        {MARKS.map((mark) => (
          <button key={mark} type="button" data-mark={mark} onClick={() => desk.press(mark)}>
            <kbd>{KEY_OF[mark]}</kbd> {t(`rollCall.mark.${mark}`)}
          </button>
        ))}
      </div>
      <div class="roll-moves">
        {MOVES.map(([key, move]) => (
          <button key={key} type="button" class="quiet-button" onClick={() => desk.press(move)}>
            <kbd>{key}</kbd> {t(`rollCall.move.${move}`)}
          </button>
        ))}
        <span role="status">{desk.unsent.value > 0 && t('rollCall.unsent', { n: desk.unsent.value })}</span>
      </div>
    </>
  );
}

/** Is the room's device in a call? It tells whether to wait for an answer. */
function DeviceNow({ siteCode }: { siteCode: string }) {
  const state = useBoard().store.site(siteCode)?.state.value;
  if (!state) return null;
  return (
    <p class="roll-device">
      <StateIcon state={state} /> {stateWord(state)}
    </p>
  );
}

function ContactLine({ siteCode, data }: { siteCode: string; data: SessionData }) {
  const contact = data.readiness.value.value?.sites.find((site) => site.siteCode === siteCode)?.contact;
  if (!contact) return null;
  return (
    <p class="roll-contact">
      {contact.name} <PhoneLink name={contact.name} phone={contact.phone} />
    </p>
  );
}

/** Every mark, those taken back included: who said what, and when. */
function History({ shown }: { shown: AttendanceView }) {
  if (shown.history.length === 0) return null;
  return (
    <ol class="roll-history" aria-label={t('rollCall.history')}>
      {shown.history.map(({ mark, recordedAt, by, note }) => (
        <li key={recordedAt}>
          <time>{timeOfDay(Date.parse(recordedAt))}</time> {t(`rollCall.mark.${mark}`)} · {by} {note}
        </li>
      ))}
    </ol>
  );
}
