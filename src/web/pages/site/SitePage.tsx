import { useState } from 'preact/hooks';
import type { EndpointView } from '../../../live/feed-events.js';
import { CheckButton } from '../../board/CheckButton.js';
import { StateIcon } from '../../board/icons.js';
import { PhoneLink } from '../../board/PhoneLink.js';
import { useBoard } from '../../board/services.js';
import { useShortcut } from '../../board/shortcuts.js';
import { t } from '../../i18n/index.js';
import type { SiteModel } from '../../state/site-model.js';
import { sinceText, siteSentence, stateWord } from '../../text/sentences.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { minuteText } from '../desk/moment.js';
import { useRemote } from '../desk/use-remote.js';
import type { PageProps } from '../route.js';
import type { Outcomes } from './api-types.js';
import { Charts } from './Charts.js';
import { callsOfInterest } from './compare.js';
import { ContactLog } from './ContactLog.js';
import { Ladder } from './Ladder.js';
import { LastCheck } from './LastCheck.js';
import { SiteIncidents } from './SiteIncidents.js';
import { Trace } from './Trace.js';
import '../../styles/desk.css';
import '../../styles/incidents.css';
import '../../styles/site.css';

/** One site: who and where, what was seen last and over time, and what has been done about it. */
export function SitePage({ route }: PageProps<'site'>) {
  const { store } = useBoard();
  const sites = store.sites.value;
  const site = sites.find(({ code }) => code === route.code);
  if (site) return <Site key={site.code} site={site} />;
  return <p class="desk-note">{sites.length === 0 ? t('page.loading') : t('panel.gone')}</p>;
}

function Site({ site }: { site: SiteModel }) {
  const { clock, checks } = useBoard();
  const [main] = site.endpoints;
  const [chosenId, choose] = useState(site.shown.peek().id);
  const chosen = (site.endpoints.find(({ value }) => value.id === chosenId) ?? main).value;
  useShortcut('t', () => void checks.request(chosen));
  const shown = site.shown.value;
  return (
    <div class="site-page">
      <header class="site-head" data-state={shown.state}>
        <h2 class="desk-title">{shown.siteName}</h2>
        <p class="site-state">
          <StateIcon state={shown.state} /> <b>{stateWord(shown.state)}</b> {sinceText(shown, clock.nowMs.value)}
        </p>
        <p>{siteSentence(site)}</p>
      </header>
      <Who site={site} />
      {site.endpoints.length > 1 && (
        <div class="choices" role="group" aria-label={t('sitePage.devices')}>
          {site.endpoints.map(({ value }) => (
            <button
              key={value.id}
              type="button"
              class="quiet-button"
              aria-pressed={value.id === chosen.id}
              onClick={() => choose(value.id)}
            >
              {value.ordinal === 1 ? t('panel.main') : t('panel.backup', { n: value.ordinal - 1 })}: {stateWord(value.state)}
            </button>
          ))}
        </div>
      )}
      <Device key={chosen.id} endpoint={chosen} />
      <SiteIncidents code={site.code} />
      <ContactLog code={site.code} />
    </div>
  );
}

function Who({ site }: { site: SiteModel }) {
  const { siteCode, area, carrier, contactName, contactPhone } = site.endpoints[0].value;
  const facts: [string, string][] = [
    [t('panel.code'), siteCode],
    [t('sitePage.area'), area],
    [t('panel.carrier'), carrier],
  ];
  return (
    <dl class="desk-facts">
      <div>
        <dt>{t('panel.contact')}</dt>
        <dd>
          {contactName || t('panel.missing')} <PhoneLink name={contactName} phone={contactPhone} />
        </dd>
      </div>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value || t('panel.missing')}</dd>
        </div>
      ))}
    </dl>
  );
}

type CallKind = 'sip-call' | 'h323-call';

const WEEK_MS = 7 * 86_400_000;

function Device({ endpoint }: { endpoint: EndpointView }) {
  const { clock } = useBoard();
  const results = `/endpoints/${encodeURIComponent(endpoint.id)}/results?from=${dayStart(clock.nowMs.value - WEEK_MS)}`;
  const path = `${results}&limit=100&probe=`;
  const isCalled = (kind: CallKind): boolean => endpoint.probes[kind] !== undefined;
  const sip = useRemote<Outcomes>(
    isCalled('sip-call') || !isCalled('h323-call') ? `${path}sip-call` : null,
    endpoint.mediaCheckedAt,
  );
  const h323 = useRemote<Outcomes>(isCalled('h323-call') ? `${path}h323-call` : null, endpoint.mediaCheckedAt);
  const calls = sip.value || h323.value;
  const traced = useRemote<Outcomes>(`${results}&limit=1&probe=icmp&has=trace`, endpoint.probes.icmp?.result);
  const found = callsOfInterest(sip.value?.items ?? [], h323.value?.items ?? []);
  return (
    <>
      <dl class="desk-facts">
        <div>
          <dt>{t('panel.address')}</dt>
          <dd>{endpoint.address}</dd>
        </div>
        {endpoint.maintenance && (
          <div>
            <dt>{stateWord('maintenance')}</dt>
            <dd>
              {endpoint.maintenance.note} ({minuteText(endpoint.maintenance.until)})
            </dd>
          </div>
        )}
      </dl>
      <CheckButton endpoint={endpoint} />
      <AnswerNote answer={sip.answer ?? h323.answer} />
      <div class="site-columns">
        {calls && <LastCheck calls={found} needs={endpoint.needs} />}
        <Ladder call={found.lastBad} />
        <Trace ping={traced.value?.items[0] ?? null} />
      </div>
      <Charts
        endpointId={endpoint.id}
        profile={endpoint.profile}
        calls={found.last?.kind === 'h323-call' ? 'h323-call' : 'sip-call'}
      />
    </>
  );
}

/** A path that changes once a day: one that changed with the clock would be asked for each second. */
const dayStart = (ms: number): string => new Date(Math.floor(ms / 86_400_000) * 86_400_000).toISOString();
