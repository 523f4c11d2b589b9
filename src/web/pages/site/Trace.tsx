import { formatNumber, t } from '../../i18n/index.js';
import { momentText } from '../desk/moment.js';
import type { Outcome } from './api-types.js';
import { hopsOf } from './ladder.js';

/** How far the last ping came that failed: it tells our own uplink from the carrier's node and the last mile. */
export function Trace({ pings }: { pings: readonly Outcome[] }) {
  const traced = pings.find(({ evidence }) => hopsOf(evidence).length > 0);
  if (!traced) return null;
  return (
    <section aria-labelledby="site-trace">
      <h3 id="site-trace" class="desk-heading">
        {t('sitePage.trace', { time: momentText(traced.startedAt) })}
      </h3>
      <ol class="incident-trace">
        {hopsOf(traced.evidence).map(({ ttl, address, rttMs }) => (
          <li key={ttl} value={ttl}>
            <code>{address ?? t('incident.noHop')}</code>
            {rttMs !== null && ` ${t('measure.rtt', { value: formatNumber(rttMs) })}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
