import { useEffect, useRef } from 'preact/hooks';
import { chooseLocale, formatNumber, locale, LOCALES, t } from '../i18n/index.js';
import { STATES_BEST_FIRST } from '../state/health.js';
import { stateWord } from '../text/sentences.js';
import { StateIcon } from './icons.js';
import { useBoard } from './services.js';
import { currentTheme, toggleTheme } from './theme.js';

export function Footer() {
  return (
    <footer class="bottom">
      <Legend />
      <p class="legend-signals">{t('legend.signals')}</p>
      <div class="controls" role="group" aria-label={t('page.controls')}>
        <SearchField />
        <button type="button" class="quiet-button" onClick={toggleTheme}>
          {currentTheme() === 'dark' ? t('theme.toLight') : t('theme.toDark')}
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
  useEffect(() => {
    const focusOnSlash = (event: KeyboardEvent): void => {
      if (event.key !== '/' || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      event.preventDefault();
      input.current?.focus();
    };
    document.addEventListener('keydown', focusOnSlash);
    return () => document.removeEventListener('keydown', focusOnSlash);
  }, []);
  return (
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
  );
}
