import type { IncidentView } from '../../../live/feed-events.js';
import { formatNumber, t } from '../../i18n/index.js';
import type { ProbeKind } from '../../state/health.js';
import { evidenceFacts, type EvidenceFacts, type EvidenceOf } from './evidence.js';
import { momentText } from '../desk/moment.js';

/** What the first of its devices showed when it opened: the proof to send to a carrier. */
export function EvidenceList({ evidence }: { evidence: IncidentView['evidence'] }) {
  if (evidence.length === 0) return null;
  return (
    <section aria-labelledby="incident-evidence">
      <h3 id="incident-evidence" class="desk-heading">
        {t('incident.evidence')}
      </h3>
      {evidence.map((one) => (
        <Evidence key={one.endpointId} evidence={one} />
      ))}
    </section>
  );
}

function Evidence({ evidence }: { evidence: EvidenceOf }) {
  const facts = evidenceFacts(evidence);
  const { siteName, endpointId, reason } = evidence;
  return (
    <details class="incident-evidence">
      <summary>
        <b>{siteName}</b> <span>{reason !== null && reason !== 'ok' ? t(`reason.${reason}`) : endpointId}</span>
      </summary>
      {facts.startedAt !== null && (
        <p>
          {facts.kind !== null && t(`probe.${facts.kind as ProbeKind}`)} {momentText(facts.startedAt)}
        </p>
      )}
      <Messages messages={facts.messages} />
      <Hops hops={facts.hops} />
      {facts.details.length > 0 && (
        <dl class="incident-detail-list">
          {facts.details.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
      {facts.kind === null && <p>{t('incident.noOutcome')}</p>}
    </details>
  );
}

function Messages({ messages }: Pick<EvidenceFacts, 'messages'>) {
  if (messages.length === 0) return null;
  return (
    <>
      <h4>{t('incident.messages')}</h4>
      <ol class="incident-ladder">
        {messages.map(({ atMs, sent, summary }, index) => (
          <li key={index}>
            <time>{t('incident.afterMs', { ms: formatNumber(Math.round(atMs)) })}</time>
            <span>{sent ? t('incident.sent') : t('incident.received')}</span> <code>{summary}</code>
          </li>
        ))}
      </ol>
    </>
  );
}

function Hops({ hops }: Pick<EvidenceFacts, 'hops'>) {
  if (hops.length === 0) return null;
  return (
    <>
      <h4>{t('incident.trace')}</h4>
      <ol class="incident-trace">
        {hops.map(({ address, rttMs }, index) => (
          <li key={index}>
            <code>{address ?? t('incident.noHop')}</code>
            {rttMs !== null && ` ${t('measure.rtt', { value: formatNumber(rttMs) })}`}
          </li>
        ))}
      </ol>
    </>
  );
}
