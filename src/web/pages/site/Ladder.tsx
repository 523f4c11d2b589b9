import { formatNumber, t } from '../../i18n/index.js';
import { momentText } from '../desk/moment.js';
import type { Outcome } from './api-types.js';
import { rungsOf } from './ladder.js';

/** The messages of the last call that did not pass, as a sequence between us and the device; each opens to its text. */
export function Ladder({ call }: { call: Outcome | null }) {
  const rungs = rungsOf(call?.evidence);
  if (!call || rungs.length === 0) return null;
  return (
    <section aria-labelledby="site-ladder">
      <h3 id="site-ladder" class="desk-heading">
        {t('sitePage.ladder', { time: momentText(call.startedAt) })}
      </h3>
      <div class="ladder">
        <p class="ladder-ends" aria-hidden="true">
          <b>{t('sitePage.us')}</b>
          <b>{t('sitePage.device')}</b>
        </p>
        <ol>
          {rungs.map(({ atMs, sent, summary, text }, index) => (
            <li key={index} data-sent={sent}>
              <details>
                <summary>
                  <time>{t('incident.afterMs', { ms: formatNumber(Math.round(atMs)) })}</time>
                  <span class="ladder-way">{sent ? t('incident.sent') : t('incident.received')}</span>
                  <code>{summary}</code>
                </summary>
                <pre>{text === '' ? t('sitePage.noText') : text}</pre>
              </details>
            </li>
          ))}
        </ol>
      </div>
    </section>
  );
}
