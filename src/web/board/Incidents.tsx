import { useComputed } from '@preact/signals';
import type { IncidentView } from '../../live/feed-events.js';
import { t } from '../i18n/index.js';
import { causeWords } from '../text/incident-words.js';
import { Link } from '../pages/Link.js';
import { minuteOfDay } from '../text/time.js';
import { useBoard } from './services.js';

/** Causes that several sites share: one line each, instead of one for each site. */
export function Incidents() {
  const { store } = useBoard();
  const causes = useComputed(() => store.causes.value).value;
  if (causes.length === 0) return null;
  return (
    <section class="incidents" aria-labelledby="incidents-title">
      <h2 id="incidents-title">
        <Link to={{ page: 'incidents', id: null }}>{t('incidents.title')}</Link> <span>{causes.length}</span>
      </h2>
      <ul>
        {causes.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} />
        ))}
      </ul>
    </section>
  );
}

function IncidentRow({ incident }: { incident: IncidentView }) {
  const { store } = useBoard();
  const { cause, sites, severity, openedAt, acknowledged } = incident;
  const facts = { n: sites.length, time: minuteOfDay(Date.parse(openedAt)) };
  return (
    <li class="incident" data-severity={severity}>
      <b>
        <Link to={{ page: 'incidents', id: incident.id }}>{causeWords(cause, (id) => store.endpoint(id))}</Link>
      </b>{' '}
      <span>{t('incidents.extent', facts)}</span>
      <p>
        {acknowledged
          ? t('incidents.acknowledged', { by: acknowledged.by, note: acknowledged.note })
          : t(`incidents.do.${cause.kind}`)}
      </p>
    </li>
  );
}
