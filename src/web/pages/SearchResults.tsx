import { useBoard } from '../board/services.js';
import { StateIcon } from '../board/icons.js';
import { t } from '../i18n/index.js';
import { matchesQuery } from '../text/search.js';
import { stateWord } from '../text/sentences.js';
import { Link } from './Link.js';

const MOST = 8;

/** On the wall a search leaves the tiles that match; on every other page it leads to the site. */
export function SearchResults() {
  const { store, view, navigation } = useBoard();
  const wanted = view.query.value.trim();
  if (wanted === '' || navigation.route.value.page === 'wall') return null;
  const found = store.sites.value.filter(({ endpoints }) =>
    matchesQuery(
      wanted,
      endpoints.map(({ value }) => value),
    ),
  );
  return (
    <ul class="search-results" aria-label={t('search.label')} onClick={() => (view.query.value = '')}>
      {found.slice(0, MOST).map((site) => (
        <li key={site.code}>
          <Link to={{ page: 'site', code: site.code }}>
            <StateIcon state={site.state.value} /> {site.shown.value.siteName} <small>{stateWord(site.state.value)}</small>
          </Link>
        </li>
      ))}
      <li role="status">{found.length === 0 ? t('search.none') : t('search.result', { query: wanted, n: found.length })}</li>
    </ul>
  );
}
