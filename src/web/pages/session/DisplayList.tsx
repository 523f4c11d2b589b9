import { useShortcut } from '../../board/shortcuts.js';
import { StateIcon } from '../../board/icons.js';
import { formatNumber, t } from '../../i18n/index.js';
import { shortSiteName } from '../../text/site-name.js';
import { minuteOfDay } from '../../text/time.js';
import type { SiteReadiness } from './api-types.js';
import { countsAsReady } from './classes.js';
import type { SessionData } from './session-data.js';

/** More names than this have to be smaller, so that a screen of 1080 lines shows all of a province without scrolling. */
const MOST_BIG = 90;

/** For the screen of the meeting room: which sites can be put on display, in big letters, nothing else. */
export function DisplayList({ data, onLeave }: { data: SessionData; onLeave: () => void }) {
  useShortcut('Escape', onLeave);
  const readiness = data.readiness.value.value;
  const session = data.session.value;
  const sites = [...(readiness?.sites ?? [])].sort(byName);
  const ready = sites.filter(countsAsReady);
  const others = sites.filter((site) => !countsAsReady(site));
  return (
    <section class="display-list" aria-labelledby="display-title">
      <header>
        <h2 id="display-title">{session?.title}</h2>
        <p>
          <b>
            {formatNumber(ready.length)}/{formatNumber(sites.length)}
          </b>{' '}
          {t('sessionPage.displayReady')}
          {readiness && ` · ${t('sessionPage.asOf', { time: minuteOfDay(Date.parse(readiness.at)) })}`}
        </p>
        <button type="button" class="quiet-button" onClick={onLeave}>
          {t('panel.close')}
        </button>
      </header>
      <ul class="display-ready" data-many={ready.length > MOST_BIG} aria-label={t('sessionPage.displayReady')}>
        {ready.map((site) => (
          <Name key={site.siteCode} site={site} />
        ))}
      </ul>
      {others.length > 0 && (
        <>
          <h3>{t('sessionPage.displayNot', { n: others.length })}</h3>
          <ul class="display-not">
            {others.map((site) => (
              <Name key={site.siteCode} site={site} />
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

function Name({ site }: { site: SiteReadiness }) {
  return (
    <li data-state={site.state}>
      <StateIcon state={site.state} /> {shortSiteName(site.siteName)}
    </li>
  );
}

const collator = new Intl.Collator('vi');
const byName = (a: SiteReadiness, b: SiteReadiness): number =>
  collator.compare(shortSiteName(a.siteName), shortSiteName(b.siteName));
