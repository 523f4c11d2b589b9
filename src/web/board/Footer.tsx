import { useRef } from 'preact/hooks';
import { chooseLocale, formatNumber, locale, LOCALES, t } from '../i18n/index.js';
import { STATES_BEST_FIRST } from '../state/health.js';
import { type Grouping, GROUPINGS, type SiteOrder } from '../state/site-model.js';
import { stateWord } from '../text/sentences.js';
import { StateIcon } from './icons.js';
import { SearchResults } from '../pages/SearchResults.js';
import { useBoard } from './services.js';
import { useShortcut } from './shortcuts.js';
import { currentTheme, toggleTheme } from './theme.js';

export function Footer() {
  const { helpIsOpen } = useBoard().view;
  return (
    <footer class="bottom">
      <Legend />
      <p class="legend-signals">{t('legend.signals')}</p>
      <div class="controls" role="group" aria-label={t('page.controls')}>
        <Arrangement />
        <SearchField />
        <MapSwitch />
        <SoundSwitch />
        <button type="button" class="quiet-button" onClick={toggleTheme}>
          {currentTheme() === 'dark' ? t('theme.toLight') : t('theme.toDark')}
        </button>
        <button
          type="button"
          class="quiet-button"
          aria-label={t('help.open')}
          aria-keyshortcuts="?"
          onClick={() => (helpIsOpen.value = true)}
        >
          ?
        </button>
        <div class="languages" role="group" aria-label={t('language.label')}>
          {LOCALES.map((code) => (
            <button key={code} type="button" lang={code} aria-pressed={locale.value === code} onClick={() => chooseLocale(code)}>
              {code.toUpperCase()}
            </button>
          ))}
        </div>
      </div>
    </footer>
  );
}

function MapSwitch() {
  const { navigation, view } = useBoard();
  const isWall = navigation.route.value.page === 'wall';
  useShortcut('b', () => isWall && view.toggleMap());
  if (!isWall) return null;
  return (
    <button
      type="button"
      class="quiet-button"
      aria-pressed={view.mapIsOpen}
      aria-keyshortcuts="b"
      onClick={() => view.toggleMap()}
    >
      {t('map.switch')}
    </button>
  );
}

/** Off until a person wants it. The click that switches it on is also what browsers ask for before they let a page be heard. */
function SoundSwitch() {
  const { view } = useBoard();
  return (
    <button type="button" class="quiet-button" aria-pressed={view.soundIsOn} onClick={() => view.toggleSound()}>
      {view.soundIsOn.value ? t('sound.on') : t('sound.off')}
    </button>
  );
}

/** How the wall is arranged, for this page alone. */
function Arrangement() {
  const { view } = useBoard();
  return (
    <details class="arrangement">
      <summary class="quiet-button">{t('arrange.title')}</summary>
      <div>
        <label class="choice">
          {t('arrange.by')}
          <select value={view.grouping} onChange={(event) => view.groupBy(event.currentTarget.value as Grouping)}>
            {GROUPINGS.map((by) => (
              <option key={by} value={by}>
                {t(`arrange.${by}`)}
              </option>
            ))}
          </select>
        </label>
        <label class="choice">
          {t('arrange.order')}
          <select value={view.order} onChange={(event) => view.orderBy(event.currentTarget.value as SiteOrder)}>
            <option value="worst">{t('arrange.worst')}</option>
            <option value="code">{t('arrange.code')}</option>
          </select>
        </label>
      </div>
    </details>
  );
}

function Legend() {
  const { store } = useBoard();
  return (
    <ul class="legend" aria-label={t('legend.title')}>
      {STATES_BEST_FIRST.map((state) => (
        <li key={state} data-empty={store.counts.value.get(state) === 0}>
          <StateIcon state={state} />
          {stateWord(state)} <b>{formatNumber(store.counts.value.get(state) ?? 0)}</b>
        </li>
      ))}
    </ul>
  );
}

function SearchField() {
  const { query } = useBoard().view;
  const input = useRef<HTMLInputElement>(null);
  useShortcut('/', () => input.current?.focus());
  return (
    <div class="search-box">
      <SearchResults />
      <input
        ref={input}
        class="search"
        type="search"
        aria-label={t('search.label')}
        aria-keyshortcuts="/"
        placeholder={t('search.placeholder')}
        value={query}
        onInput={(event) => (query.value = event.currentTarget.value)}
      />
    </div>
  );
}
