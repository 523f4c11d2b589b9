import { useComputed } from '@preact/signals';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { useRemote } from '../desk/use-remote.js';
import { IncidentRow } from '../incidents/IncidentRow.js';
import type { Incidents } from './api-types.js';
import { SPANS } from './series.js';

/** What has happened to this site in the last 90 days; what is open comes first, with the feed. */
export function SiteIncidents({ code }: { code: string }) {
  const { store, clock } = useBoard();
  const open = store.incidents.value.filter(
    ({ sites, state }) => state !== 'resolved' && state !== 'merged' && sites.includes(code),
  );
  const day = useComputed(() => Math.floor(clock.nowMs.value / SPANS.day) * SPANS.day).value;
  const from = new Date(day - SPANS.quarter).toISOString();
  const past = useRemote<Incidents>(`/incidents?site=${encodeURIComponent(code)}&limit=20&from=${from}`, open.length);
  const isOpen = new Set(open.map(({ id }) => id));
  const items = [...open, ...(past.value?.items ?? []).filter(({ id }) => !isOpen.has(id))];
  return (
    <section aria-labelledby="site-incidents">
      <h3 id="site-incidents" class="desk-heading">
        {t('menu.incidents')}
      </h3>
      <AnswerNote answer={past.answer} />
      {past.value && items.length === 0 && <p class="desk-note">{t('sitePage.noIncidents')}</p>}
      <ul>
        {items.map((incident) => (
          <IncidentRow key={incident.id} incident={incident} isChosen={false} />
        ))}
      </ul>
    </section>
  );
}
