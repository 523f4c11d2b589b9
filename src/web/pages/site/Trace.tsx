import { formatNumber, t } from '../../i18n/index.js';
import { momentText } from '../desk/moment.js';
import type { Outcome } from './api-types.js';
import { hopsOf } from './ladder.js';

/** How far the last ping came that failed: it tells our own uplink from the carrier's node and the last mile. */
export function Trace({ ping }: { ping: Outcome | null }) {
  const hops = hopsOf(ping?.evidence);
  if (!ping || hops.length === 0) return null;
  return (
    <section aria-labelledby="site-trace">
      <h3 id="site-trace" class="desk-heading">
        {t('sitePage.trace', { time: momentText(ping.startedAt) })}
      </h3>
      <ol class="incident-trace">
        {hops.map(({ ttl, address, rttMs }) => (
          <li key={ttl} value={ttl}>
            <code>{address ?? t('incident.noHop')}</code>
            {rttMs !== null && ` ${t('measure.rtt', { value: formatNumber(rttMs) })}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
