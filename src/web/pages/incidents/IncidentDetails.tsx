import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { IncidentView } from '../../../live/feed-events.js';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { isOver } from '../../state/incidents.js';
import { causeWords } from '../../text/incident-words.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { durationText } from '../desk/duration.js';
import { momentText } from '../desk/moment.js';
import { useRemote } from '../desk/use-remote.js';
import { Link } from '../Link.js';
import { Acknowledge } from './Acknowledge.js';
import type { IncidentDetail } from './api-types.js';
import { Audit, Contacts } from './History.js';
import { EvidenceList } from './EvidenceList.js';
import { lastedMs, siteMinutesLost } from './extent.js';
import { Members } from './Members.js';
import { SeverityMark } from './SeverityMark.js';

/** Everything that is known of one incident. While it is open the feed says what it is now, the API what happened to it. */
export function IncidentDetails({ id }: { id: string }) {
  const { store } = useBoard();
  const open = useComputed(() => store.incidents.value.find((incident) => incident.id === id)).value;
  const { answer, value, reload } = useRemote<IncidentDetail>(`/incidents/${encodeURIComponent(id)}`, open);
  const incident = open ?? value;
  return (
    <article class="incident-details" aria-labelledby="incident-cause">
      <p class="incident-back">
        <Link to={{ page: 'incidents', id: null }}>{t('incident.back')}</Link>
      </p>
      {incident && <Facts incident={incident} onAcknowledged={reload} />}
      <AnswerNote answer={answer} />
      {incident && <Members incident={incident} />}
      {incident && <EvidenceList evidence={incident.evidence} />}
      {value && <Audit lines={value.audit} />}
      {value && <Contacts id={id} isOpen={open !== undefined} />}
    </article>
  );
}

function Facts({ incident, onAcknowledged }: { incident: IncidentView; onAcknowledged: () => void }) {
  const { cause, severity, state, mergedInto, reopened, openedAt, resolvedAt } = incident;
  const { clock, store } = useBoard();
  const minute = useComputed(() => Math.floor(clock.nowMs.value / 60_000) * 60_000).value;
  return (
    <header>
      <h2 id="incident-cause" class="desk-title">
        {causeWords(cause, (endpointId) => store.endpoint(endpointId))}
      </h2>
      <p class="incident-state">
        <SeverityMark severity={severity} /> <b>{t(`incident.state.${state}`)}</b>
      </p>
      {!isOver(incident) && <p>{t(`incidents.do.${cause.kind}`)}</p>}
      <dl class="desk-facts">
        <Fact name={t('incident.since')}>{momentText(openedAt)}</Fact>
        {resolvedAt !== null && <Fact name={t('incident.until')}>{momentText(resolvedAt)}</Fact>}
        <Fact name={t('incident.lasted')}>{durationText(lastedMs(incident, minute))}</Fact>
        <Fact name={t('incident.sites')}>
          {t('incident.sitesNow', { now: incident.members.length, ever: incident.everMembers.length })}
        </Fact>
        <Fact name={t('incident.lost')}>
          {t('incident.lostMinutes', { n: formatNumber(Math.round(siteMinutesLost(incident, minute))) })}
        </Fact>
        {reopened > 0 && <Fact name={t('incident.reopened')}>{t('incident.times', { n: reopened })}</Fact>}
        {mergedInto !== null && (
          <Fact name={t('incident.mergedInto')}>
            <Link to={{ page: 'incidents', id: mergedInto }}>{t('incident.wider')}</Link>
          </Fact>
        )}
      </dl>
      <Acknowledge incident={incident} onAcknowledged={onAcknowledged} />
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
