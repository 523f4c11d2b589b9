import { useId, useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { t } from '../../i18n/index.js';
import type { SiteModel } from '../../state/site-model.js';
import { matchesQuery } from '../../text/search.js';

const MOST_OFFERED = 8;

/** Sites by name or code, with or without diacritics: Enter takes the one that is marked, a press on a chosen one leaves it out. */
export function SitePicker({
  label,
  codes,
  onChange,
}: {
  label: string;
  codes: readonly string[];
  onChange: (codes: string[]) => void;
}) {
  const { store } = useBoard();
  const [query, setQuery] = useState('');
  const [marked, setMarked] = useState(0);
  const listId = useId();
  const offered = query.trim() === '' ? [] : found(store.sites.value, query, codes);
  const take = (site: SiteModel | undefined): void => {
    if (!site) return;
    onChange([...codes, site.code]);
    setQuery('');
    setMarked(0);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (offered.length === 0 || !['ArrowDown', 'ArrowUp', 'Enter', 'Escape'].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') take(offered[marked]);
    else if (event.key === 'Escape') setQuery('');
    else setMarked((at) => (at + (event.key === 'ArrowDown' ? 1 : offered.length - 1)) % offered.length);
  };
  return (
    <div class="picker">
      <label>
        {label}
        <input
          role="combobox"
          aria-expanded={offered.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={offered.length > 0 ? `${listId}-${marked}` : undefined}
          placeholder={t('search.placeholder')}
          value={query}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setMarked(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <ul id={listId} role="listbox" aria-label={label} hidden={offered.length === 0}>
        {offered.map((site, index) => (
          <li
            key={site.code}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === marked}
            onMouseDown={(event) => {
              event.preventDefault();
              take(site);
            }}
          >
            {site.shown.value.siteName} <small>{site.code}</small>
          </li>
        ))}
      </ul>
      <p class="chips">
        {codes.map((code) => (
          <button
            key={code}
            type="button"
            aria-label={t('sessionForm.leaveOut', { name: nameOf(store.site(code), code) })}
            onClick={() => onChange(codes.filter((other) => other !== code))}
          >
            {nameOf(store.site(code), code)} <span aria-hidden="true">×</span>
          </button>
        ))}
      </p>
    </div>
  );
}

const nameOf = (site: SiteModel | undefined, code: string): string => site?.shown.value.siteName ?? code;

const found = (sites: readonly SiteModel[], query: string, codes: readonly string[]): SiteModel[] =>
  sites
    .filter((site) => !codes.includes(site.code))
    .filter(({ endpoints }) =>
      matchesQuery(
        query,
        endpoints.map((endpoint) => endpoint.value),
      ),
    )
    .slice(0, MOST_OFFERED);
