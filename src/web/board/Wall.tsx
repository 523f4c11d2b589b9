import { useComputed } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { EndpointView } from '../../live/feed-events.js';
import { t } from '../i18n/index.js';
import type { GroupView } from '../state/board-view.js';
import { DENSE_ABOVE_SITES, type DenseGrid, denseGrid } from '../state/dense-grid.js';
import { chooseLayout, type Density } from '../state/layout.js';
import type { SiteGroup } from '../state/site-model.js';
import { moveFocus, stepFocus } from './arrow-keys.js';
import { DenseTiles } from './dense/DenseTiles.js';
import { SiteMap } from './map/SiteMap.js';
import { useBoard } from './services.js';
import { Tile } from './Tile.js';
import { useSize } from './use-size.js';

/** All sites, by area. */
export function Wall() {
  const { store, view } = useBoard();
  const { element, size } = useSize<HTMLDivElement>();
  const isDense = useComputed(() => store.sites.value.length > DENSE_ABOVE_SITES).value;
  const layout = useComputed(() => {
    const sizes = view.groups.value.map(({ group }) => group.sites.length);
    return chooseLayout(sizes, size.value.width, pageScrolls.matches ? Infinity : size.value.height, isDense);
  });
  const { density, columns, tileHeightPx } = layout.value;
  const grid = isDense ? denseGrid(layout.value, size.value.width) : null;
  return (
    <main
      class="wall"
      aria-label={t('page.sites')}
      data-density={density}
      onKeyDown={(event) => (grid ? stepFocus(event, view, columns) : moveFocus(event))}
    >
      <SearchResult />
      <div class="wall-body">
        <div class="wall-groups" ref={element} style={{ '--columns': columns, '--tile-height': `${tileHeightPx}px` }}>
          {view.groups.value.map((group) => (
            <Group key={group.group.key} view={group} density={density} columns={columns} grid={grid} />
          ))}
        </div>
        {view.mapIsOpen.value && <SiteMap />}
      </div>
      {store.sites.value.length === 0 && <p class="wall-empty">{store.monitor.value ? t('page.empty') : t('page.loading')}</p>}
    </main>
  );
}

/** A group of a few sites has room for their names in full. */
const WIDE_COLUMNS = 2;

interface GroupProps {
  view: GroupView;
  density: Density;
  columns: number;
  /** null: the tiles are elements */
  grid: DenseGrid | null;
}

function Group({ view, density, columns, grid }: GroupProps) {
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
      {grid ? (
        <DenseTiles sites={visible} grid={grid} density={density} />
      ) : (
        <div class="tiles" data-wide={total * WIDE_COLUMNS <= columns}>
          {visible.value.map((site) => (
            <Tile key={site.code} site={site} />
          ))}
        </div>
      )}
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
