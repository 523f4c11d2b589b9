import { useComputed } from '@preact/signals';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { IncidentView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import { gravestFirst } from '../../state/incidents.js';
import '../../styles/desk.css';
import '../../styles/incidents.css';
import { AnswerNote } from '../desk/AnswerNote.js';
import type { PageProps } from '../route.js';
import { IncidentDetails } from './IncidentDetails.js';
import { IncidentRow } from './IncidentRow.js';
import { PastIncidents } from './past-incidents.js';

const PAST_DAYS = 90;

/** Open incidents from the feed, past ones page by page, and one of them in full. */
export function IncidentsPage({ route }: PageProps<'incidents'>) {
  return (
    <div class="incidents-page" data-chosen={route.id !== null}>
      <div class="incidents-lists">
        <h2 class="desk-title">{t('incident.title')}</h2>
        <OpenIncidents chosen={route.id} />
        <Past chosen={route.id} />
      </div>
      {route.id === null ? (
        <p class="desk-note incidents-none-chosen">{t('incident.choose')}</p>
      ) : (
        <IncidentDetails key={route.id} id={route.id} />
      )}
    </div>
  );
}

function OpenIncidents({ chosen }: { chosen: string | null }) {
  const { store } = useBoard();
  const open = useComputed(() => [...store.incidents.value].sort(gravestFirst)).value;
  return (
    <section aria-labelledby="incidents-open">
      <h3 id="incidents-open" class="desk-heading">
        {t('incident.open')} <span>{open.length}</span>
      </h3>
      {open.length === 0 && store.hasSnapshot && <p class="desk-note">{t('incident.noneOpen')}</p>}
      <IncidentRows incidents={open} chosen={chosen} />
    </section>
  );
}

function Past({ chosen }: { chosen: string | null }) {
  const { clock } = useBoard();
  const ended = useEndedCount();
  const past = useMemo(() => new PastIncidents(clock.nowMs.peek(), PAST_DAYS), [ended]);
  useEffect(() => void past.more(), [past]);
  const { items, answer, isComplete } = past;
  return (
    <section aria-labelledby="incidents-past">
      <h3 id="incidents-past" class="desk-heading">
        {t('incident.past', { days: past.days })}
      </h3>
      <AnswerNote answer={answer.value} />
      {isComplete.value && items.value.length === 0 && <p class="desk-note">{t('incident.nonePast')}</p>}
      <IncidentRows incidents={items.value} chosen={chosen} />
      {!isComplete.value && answer.value !== null && (
        <button type="button" class="quiet-button" onClick={() => void past.more()}>
          {answer.value.kind === 'ok' ? t('incident.older') : t('desk.again')}
        </button>
      )}
    </section>
  );
}

/** Rises when something that was open is so no more: then the list of the past has a new first line. */
function useEndedCount(): number {
  const { store } = useBoard();
  const open = store.incidents.value;
  const before = useRef(open);
  const [ended, setEnded] = useState(0);
  useEffect(() => {
    const isOpen = new Set(open.map(({ id }) => id));
    if (before.current.some(({ id }) => !isOpen.has(id))) setEnded((count) => count + 1);
    before.current = open;
  }, [open]);
  return ended;
}

function IncidentRows({ incidents, chosen }: { incidents: readonly IncidentView[]; chosen: string | null }) {
  return (
    <ul class="incident-rows">
      {incidents.map((incident) => (
        <IncidentRow key={incident.id} incident={incident} isChosen={incident.id === chosen} />
      ))}
    </ul>
  );
}
