import { needsSoundAlone } from '../../../common/operator-words.js';
import type { SignalName } from '../../state/health.js';
import { t } from '../../i18n/index.js';
import { neededSignals } from '../../text/sentences.js';
import { minuteText, momentText } from '../desk/moment.js';
import type { Outcome } from './api-types.js';
import { type CallsOfInterest, differencesOf } from './compare.js';
import { SignalFigure } from './Figure.js';

/** The last test call as a picture: what came and what arrived there, with figures; and what is different from when it was well. */
export function LastCheck({ calls, needs }: { calls: CallsOfInterest; needs: readonly SignalName[] }) {
  const { last, lastGood } = calls;
  return (
    <section aria-labelledby="site-last">
      <h3 id="site-last" class="desk-heading">
        {t('sitePage.lastCall')}
      </h3>
      {last === null && <p class="desk-note">{t('sitePage.noCall')}</p>}
      {last && (
        <>
          <p>
            <time>{momentText(last.startedAt)}</time> <b>{t(`result.${last.result}`)}</b>
            {isWorthAWord(last.reason, needs) && `: ${t(`reason.${last.reason}`)}`}
          </p>
          <ul class="site-signals">
            {neededSignals(needs).map((name) => (
              <SignalFigure key={name} name={name} call={last} />
            ))}
          </ul>
          {last !== lastGood && <Difference good={lastGood} now={last} needs={needs} />}
        </>
      )}
    </section>
  );
}

/** No picture is what a room that meets by sound is known for. */
const isWorthAWord = (reason: Outcome['reason'], needs: readonly SignalName[]): reason is Exclude<Outcome['reason'], 'ok'> =>
  reason !== 'ok' && !(reason === 'audio-only' && needsSoundAlone(needs));

function Difference({ good, now, needs }: { good: Outcome | null; now: Outcome; needs: readonly SignalName[] }) {
  if (good === null) return <p class="desk-note">{t('sitePage.neverGood')}</p>;
  const differences = differencesOf(good, now, needs);
  return (
    <div class="site-difference">
      <h4>{t('sitePage.since', { time: minuteText(good.startedAt) })}</h4>
      <ul>
        {differences.map(({ name, before, now: present }) => (
          <li key={name}>
            {t('sitePage.changed', {
              name: t(`signal.${name}`),
              before: t(`signal.${before}`),
              now: t(`signal.${present}`),
            })}
          </li>
        ))}
        {good.target !== now.target && <li>{t('sitePage.moved', { before: good.target, now: now.target })}</li>}
      </ul>
    </div>
  );
}
