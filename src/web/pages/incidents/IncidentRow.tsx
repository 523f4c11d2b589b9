import { useComputed } from '@preact/signals';
import type { IncidentView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { isOver } from '../../state/incidents.js';
import { causeWords } from '../../text/incident-words.js';
import { momentOf } from '../../text/time.js';
import { durationText } from '../desk/duration.js';
import { Link } from '../Link.js';
import { lastedMs, siteMinutesLost } from './extent.js';
import { SeverityMark } from './SeverityMark.js';

/** One line: what, how many, since when and for how long. */
export function IncidentRow({ incident, isChosen }: { incident: IncidentView; isChosen: boolean }) {
  const { clock, store } = useBoard();
  const minute = useComputed(() => Math.floor(clock.nowMs.value / 60_000) * 60_000).value;
  const { id, cause, severity, openedAt, acknowledged } = incident;
  const sites = isOver(incident) ? incident.everMembers.length : incident.sites.length;
  return (
    <li class="incident-row" data-severity={severity} data-over={isOver(incident)}>
      <Link to={{ page: 'incidents', id }} aria-current={isChosen ? 'page' : undefined}>
        <SeverityMark severity={severity} />
        <b>{causeWords(cause, (endpointId) => store.endpoint(endpointId))}</b>
        <span>
          {t('incident.line', {
            sites: formatNumber(sites),
            since: momentOf(Date.parse(openedAt), minute),
            lasted: durationText(lastedMs(incident, minute)),
            lost: formatNumber(Math.round(siteMinutesLost(incident, minute))),
          })}
        </span>
        {acknowledged && !isOver(incident) && (
          <span class="incident-taken">{t('incident.takenBy', { by: acknowledged.by })}</span>
        )}
      </Link>
    </li>
  );
}
