import { useBoard } from '../board/services.js';
import { StateIcon } from '../board/icons.js';
import { t } from '../i18n/index.js';
import { foundByFormerNames, matchesQuery } from '../text/search.js';
import { stateWord } from '../text/sentences.js';
import { Link } from './Link.js';

const MOST = 8;

/** On the wall a search leaves the tiles that match; on every other page it leads to the site. */
export function SearchResults() {
  const { store, view, navigation } = useBoard();
  const wanted = view.query.value.trim();
  if (wanted === '' || navigation.route.value.page === 'wall') return null;
  const matching = store.sites.value.filter(({ endpoints }) =>
    matchesQuery(
      wanted,
      endpoints.map(({ value }) => value),
    ),
  );
  // whose name it is now comes before whose it was
  const byNow = matching.filter((site) => foundByFormerNames(wanted, site.shown.value) === null);
  const found = [...byNow, ...matching.filter((site) => !byNow.includes(site))];
  return (
    <ul class="search-results" aria-label={t('search.label')} onClick={() => (view.query.value = '')}>
      {found.slice(0, MOST).map((site) => (
        <li key={site.code}>
          <Link to={{ page: 'site', code: site.code }}>
            <StateIcon state={site.state.value} /> {site.shown.value.siteName}{' '}
            <FormerNames names={foundByFormerNames(wanted, site.shown.value)} /> <small>{stateWord(site.state.value)}</small>
          </Link>
        </li>
      ))}
      <li role="status">{found.length === 0 ? t('search.none') : t('search.result', { query: wanted, n: found.length })}</li>
    </ul>
  );
}

const FormerNames = ({ names }: { names: string | null }) => names !== null && <small>({t('search.former', { names })})</small>;
