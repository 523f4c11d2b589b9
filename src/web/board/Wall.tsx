import { useComputed, useSignal } from '@preact/signals';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { EndpointView } from '../../live/feed-events.js';
import { t } from '../i18n/index.js';
import type { GroupView } from '../state/board-view.js';
import { chooseLayout } from '../state/layout.js';
import type { SiteGroup } from '../state/site-model.js';
import { moveFocus } from './arrow-keys.js';
import { useBoard } from './services.js';
import { Tile } from './Tile.js';

/** All sites, by area. */
export function Wall() {
  const { store, view } = useBoard();
  const { element, size } = useSize();
  const layout = useComputed(() =>
    chooseLayout(
      view.groups.value.map(({ group }) => group.sites.length),
      size.value.width,
      size.value.height,
    ),
  );
  const { density, columns, tileHeightPx } = layout.value;
  return (
    <main class="wall" aria-label={t('page.sites')} data-density={density} onKeyDown={moveFocus}>
      <SearchResult />
      <div class="wall-groups" ref={element} style={{ '--columns': columns, '--tile-height': `${tileHeightPx}px` }}>
        {view.groups.value.map((group) => (
          <Group key={group.group.key} view={group} isWide={group.group.sites.length * WIDE_COLUMNS <= columns} />
        ))}
      </div>
      {store.sites.value.length === 0 && <p class="wall-empty">{store.monitor.value ? t('page.empty') : t('page.loading')}</p>}
    </main>
  );
}

/** A group of a few sites has room for their names in full. */
const WIDE_COLUMNS = 2;

function Group({ view, isWide }: { view: GroupView; isWide: boolean }) {
  const { query } = useBoard().view;
  const { group, visible, readyCount } = view;
  const id = useId();
  const total = group.sites.length;
  return (
    <section class="group" aria-labelledby={id}>
      <h2 id={id}>
        {headingOf(group)}{' '}
        <span>
          {query.value.trim()
            ? t('group.found', { found: visible.value.length, total })
            : t('group.ready', { ready: readyCount.value, total })}
        </span>
      </h2>
      <div class="tiles" data-wide={isWide}>
        {visible.value.map((site) => (
          <Tile key={site.code} site={site} />
        ))}
      </div>
    </section>
  );
}

function headingOf({ by, name }: SiteGroup): string {
  if (by === 'top') return t('group.top');
  if (by === 'tier') return t(`tier.${name as EndpointView['tier']}`);
  return name || t(by === 'area' ? 'group.noArea' : 'group.noCarrier');
}

function SearchResult() {
  const { view } = useBoard();
  const query = view.query.value.trim();
  return (
    <div class="search-result" role="status">
      {query !== '' && (
        <p>
          {view.found.value ? t('search.result', { query, n: view.found.value }) : t('search.none')}
          <button type="button" class="quiet-button" onClick={() => (view.query.value = '')}>
            {t('search.clear')}
          </button>
        </p>
      )}
    </div>
  );
}

/** Where the page itself scrolls (frame.css) height is no bound. */
const pageScrolls = matchMedia('(max-width: 1100px)');

function useSize() {
  const element = useRef<HTMLDivElement>(null);
  const size = useSignal({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      size.value = { width, height: pageScrolls.matches ? Infinity : height };
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [size]);
  return { element, size };
}
