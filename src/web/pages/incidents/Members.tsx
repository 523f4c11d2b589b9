import { useComputed } from '@preact/signals';
import type { EndpointView, IncidentView } from '../../../live/feed-events.js';
import { StateIcon } from '../../board/icons.js';
import { PhoneLink } from '../../board/PhoneLink.js';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import type { BoardStore } from '../../state/board-store.js';
import { reasonSentence, stateWord } from '../../text/sentences.js';
import { Link } from '../Link.js';
import { memberSites } from './extent.js';

/** Its devices with what is seen of each now, and whom to phone. */
export function Members({ incident }: { incident: IncidentView }) {
  const { store } = useBoard();
  const known = useComputed(() => viewsOf(store, incident.everMembers)).value;
  const members = memberSites(incident, known);
  return (
    <section aria-labelledby="incident-members">
      <h3 id="incident-members" class="desk-heading">
        {t('incident.members')} <span>{members.length}</span>
      </h3>
      <ul class="incident-members">
        {members.map(({ code, name, view, failing }, index) => (
          <li key={view?.id ?? index} data-failing={failing} data-state={view?.state}>
            {view ? <StateIcon state={view.state} /> : <span />}
            <span>
              {view ? <Link to={{ page: 'site', code }}>{name}</Link> : name} {!failing && <small>{t('incident.left')}</small>}
            </span>
            <span class="incident-member-state">
              {view ? `${stateWord(view.state)}. ${reasonSentence(view)}` : t('incident.gone')}
            </span>
            {view && <PhoneLink name={view.contactName} phone={view.contactPhone} />}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Only its own devices are followed: a change of any other draws nothing here. */
function viewsOf(store: BoardStore, ids: readonly string[]): ReadonlyMap<string, EndpointView> {
  const wanted = new Set(ids);
  const endpoints = store.sites.value.flatMap((site) => site.endpoints.filter((endpoint) => wanted.has(endpoint.peek().id)));
  return new Map(endpoints.map((endpoint) => [endpoint.value.id, endpoint.value]));
}
