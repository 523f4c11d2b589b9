import type { FunctionComponent } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n/index.js';
import { Link } from './Link.js';
import { PAGES } from './pages.js';
import type { Route } from './route.js';

type Loaded = { page: Route['page']; Content: FunctionComponent<{ route: Route }> } | { page: Route['page']; Content: null };

/** A page that is no wall; the frame around it, with the feed's freshness, stays. */
export function OtherPage({ route }: { route: Route }) {
  const [loaded, setLoaded] = useState<Loaded | null>(null);
  const load = route.page === 'wall' || route.page === 'unknown' ? undefined : PAGES[route.page];
  useEffect(() => {
    if (!load) return;
    let isWanted = true;
    // The record's type binds each loader to its own route, which a lookup by a union cannot say
    const arrive = (Content: FunctionComponent<never> | null): void => {
      if (isWanted) setLoaded({ page: route.page, Content: Content as FunctionComponent<{ route: Route }> | null });
    };
    load().then(arrive, () => arrive(null));
    return () => {
      isWanted = false;
    };
  }, [route.page]);
  return (
    <main class="page" data-page={route.page} aria-busy={load !== undefined && loaded?.page !== route.page}>
      {load ? (
        loaded?.page === route.page && (loaded.Content ? <loaded.Content route={route} /> : <CannotLoad />)
      ) : (
        <NoSuchPage />
      )}
    </main>
  );
}

function NoSuchPage() {
  return (
    <section class="page-note">
      <h2>{t('page.unknown')}</h2>
      <p>
        <Link to={{ page: 'wall' }}>{t('page.toWall')}</Link>
      </p>
    </section>
  );
}

/** The server is away, or has been renewed since this page was opened. */
function CannotLoad() {
  return (
    <section class="page-note" role="alert">
      <h2>{t('page.cannotLoad')}</h2>
      <p>
        <button type="button" class="quiet-button" onClick={() => location.reload()}>
          {t('page.reload')}
        </button>
      </p>
    </section>
  );
}
