import { useShortcut } from '../../board/shortcuts.js';
import { t } from '../../i18n/index.js';
import { stateWord } from '../../text/sentences.js';
import { dayAndMonth, minuteOfDay } from '../../text/time.js';
import type { Person, SiteReadiness } from './api-types.js';
import type { SessionData } from './session-data.js';
import { sentenceOf, sessionTime } from './words.js';

/** On paper, for when the network dies: who takes part, whom to phone, and room for what is said. */
export function Roster({ data, onLeave }: { data: SessionData; onLeave: () => void }) {
  useShortcut('Escape', onLeave);
  const session = data.session.value;
  const readiness = data.readiness.value.value;
  if (!session || !readiness) return <p class="side-empty">{t('sessionPage.loading')}</p>;
  const atMs = Date.parse(readiness.at);
  return (
    <section class="roster" aria-labelledby="roster-title">
      <header>
        <div>
          <h2 id="roster-title">{t('roster.title', { title: session.title })}</h2>
          <p>
            {sessionTime(session)}
            {session.host && ` · ${t('sessionPage.host', { host: session.host })}`}
            {session.invitationNumber && ` · ${t('sessionPage.invitation', { number: session.invitationNumber })}`}
          </p>
          <p>
            {t('roster.asOf', {
              time: `${minuteOfDay(atMs)} ${dayAndMonth(atMs)}`,
              ready: readiness.ready,
              total: readiness.total,
            })}
          </p>
        </div>
        <div class="roster-tools">
          <button type="button" class="main-button" onClick={() => window.print()}>
            {t('roster.print')}
          </button>
          <button type="button" class="quiet-button" onClick={onLeave}>
            {t('panel.close')}
          </button>
        </div>
      </header>
      {byArea(readiness.sites).map(([area, sites]) => (
        <AreaTable key={area} area={area} sites={sites} />
      ))}
    </section>
  );
}

function AreaTable({ area, sites }: { area: string; sites: readonly SiteReadiness[] }) {
  return (
    <table>
      <caption>{area === '' ? t('group.noArea') : area}</caption>
      <thead>
        <tr>
          <th scope="col">{t('roster.code')}</th>
          <th scope="col">{t('roster.site')}</th>
          <th scope="col">{t('panel.contact')}</th>
          <th scope="col">{t('roster.deputy')}</th>
          <th scope="col">{t('roster.state')}</th>
          <th scope="col">{t('roster.arrived')}</th>
          <th scope="col">{t('roster.remarks')}</th>
        </tr>
      </thead>
      <tbody>
        {sites.map((site) => (
          <tr key={site.siteCode}>
            <td>{site.siteCode}</td>
            <th scope="row">{site.siteName}</th>
            <td>{personLine(site.contact)}</td>
            <td>{personLine(site.deputy)}</td>
            <td>{site.class === 'ready' ? stateWord(site.state) : `${stateWord(site.state)}: ${sentenceOf(site)}`}</td>
            <td />
            <td />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const personLine = ({ name, phone }: Person): string => [name, phone].filter((part) => part !== '').join(' · ');

const collator = new Intl.Collator('vi');

/** The far end first, then the areas; inside of each by code, as on every official list. */
function byArea(sites: readonly SiteReadiness[]): [string, SiteReadiness[]][] {
  const areas = new Map<string, SiteReadiness[]>();
  for (const site of [...sites].sort((a, b) => collator.compare(a.siteCode, b.siteCode))) {
    areas.set(site.area, [...(areas.get(site.area) ?? []), site]);
  }
  const rankOf = (members: SiteReadiness[]): number =>
    members.some(({ tier }) => tier === 'central' || tier === 'province') ? 0 : 1;
  return [...areas].sort(([a, of], [b, other]) => rankOf(of) - rankOf(other) || collator.compare(a, b));
}
