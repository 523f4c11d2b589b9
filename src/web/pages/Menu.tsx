import { useRef } from 'preact/hooks';
import { useBoard } from '../board/services.js';
import { t } from '../i18n/index.js';
import { Link } from './Link.js';
import type { Route } from './route.js';

const ENTRIES: readonly (Route & { page: MenuPage })[] = [
  { page: 'wall' },
  { page: 'sessions' },
  { page: 'incidents', id: null },
  { page: 'inventory' },
  { page: 'system' },
];
type MenuPage = 'wall' | 'sessions' | 'incidents' | 'inventory' | 'system';

/** The ways between the pages: folded, since the wall's screen has no use for it. */
export function Menu() {
  const { navigation } = useBoard();
  const menu = useRef<HTMLDetailsElement>(null);
  const here = navigation.route.value.page;
  const close = (): void => menu.current?.removeAttribute('open');
  return (
    <nav class="menu" aria-label={t('menu.label')}>
      <details ref={menu}>
        <summary class="quiet-button">{t('menu.title')}</summary>
        <ul onClick={close}>
          {ENTRIES.map((entry) => (
            <li key={entry.page}>
              <Link to={entry} aria-current={entry.page === here ? 'page' : undefined}>
                {t(`menu.${entry.page}`)}
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
