import { effect, type ReadonlySignal, useComputed } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { t } from '../../i18n/index.js';
import { type DenseGrid, extentOf, indexAt, slotOf } from '../../state/dense-grid.js';
import type { Density } from '../../state/layout.js';
import type { SiteModel } from '../../state/site-model.js';
import { tileLabel } from '../../text/sentences.js';
import { useBoard } from '../services.js';
import { currentTheme } from '../theme.js';
import { measureOf } from './tile-painter.js';
import { TileCanvas } from './tile-canvas.js';

/** Canvases of about so many tiles: one for a group of 3,500 would be higher than browsers allow on a phone. */
const TILES_OF_A_STRIP = 240;

const px = (value: number): string => `${value}px`;

type Sites = ReadonlySignal<readonly SiteModel[]>;
interface StripProps {
  sites: Sites;
  grid: DenseGrid;
  density: Density;
}

/** The tiles of a group of a dense wall, painted. What has the focus, and a name for it, is a real button above them. */
export function DenseTiles({ sites, grid, density }: StripProps) {
  const count = useComputed(() => sites.value.length).value;
  const tiles = Math.max(1, Math.round(TILES_OF_A_STRIP / grid.columns)) * grid.columns;
  const starts = Array.from({ length: Math.ceil(count / tiles) }, (_, strip) => strip * tiles);
  return (
    <div class="dense-tiles" style={{ height: px(extentOf(grid, count).height) }}>
      {starts.map((from) => (
        <Strip
          key={`${from} ${tiles} ${density} ${grid.tileWidthPx} ${grid.tileHeightPx}`}
          {...{ sites, grid, density, from }}
          count={Math.min(tiles, count - from)}
        />
      ))}
      <Cursor sites={sites} grid={grid} />
    </div>
  );
}

/** @param from index of the first tile of this canvas */
function Strip({ sites, grid, density, from, count }: StripProps & { from: number; count: number }) {
  const { clock, view } = useBoard();
  const { width, height } = extentOf(grid, count);
  const element = usePaintedTiles({ sites, grid, density }, from, count);
  const siteUnder = (event: MouseEvent): SiteModel | undefined => {
    const index = indexAt(grid, count, event.offsetX, event.offsetY);
    return index === null ? undefined : sites.peek()[from + index];
  };
  return (
    <canvas
      ref={element}
      aria-hidden="true"
      style={{ width: px(width), height: px(height), top: px(slotOf(grid, from).y) }}
      onClick={(event) => {
        const site = siteUnder(event);
        if (site) view.focused.value = view.selected.value = site.code;
      }}
      onMouseMove={(event) => {
        const site = siteUnder(event);
        event.currentTarget.title = site ? tileLabel(site, clock.nowMs.peek()) : '';
      }}
    />
  );
}

function usePaintedTiles({ sites, grid, density }: StripProps, from: number, count: number) {
  const { store, view } = useBoard();
  const element = useRef<HTMLCanvasElement>(null);
  const faces = useComputed(() =>
    sites.value.slice(from, from + count).map((site) => ({
      name: site.name,
      state: site.state.value,
      inIncident: store.causeOfSite.value.has(site.code),
      isChosen: view.selected.value === site.code,
    })),
  );
  useEffect(() => {
    if (!element.current) return undefined;
    const surface = new TileCanvas(element.current, grid, measureOf(density));
    const repaint = (): void => surface.repaint();
    const stopShowing = effect(() => surface.show(faces.value));
    const stopFollowing = effect(() => {
      currentTheme();
      repaint();
    });
    document.fonts.addEventListener('loadingdone', repaint);
    return () => {
      document.fonts.removeEventListener('loadingdone', repaint);
      stopShowing();
      stopFollowing();
      surface.close();
    };
  }, [count]);
  return element;
}

/** The one tile of the wall that the keyboard stands on. A new element for each tile, so that its name is read aloud. */
function Cursor({ sites, grid }: Omit<StripProps, 'density'>) {
  const { view } = useBoard();
  const index = useComputed(() => sites.value.findIndex((site) => site.code === view.tabStop.value)).value;
  const site = sites.value[index];
  const place = useMemo(() => slotOf(grid, index), [grid, index]);
  return site ? <CursorButton key={site.code} site={site} place={place} /> : null;
}

function CursorButton({ site, place }: { site: SiteModel; place: ReturnType<typeof slotOf> }) {
  const { clock, view } = useBoard();
  const button = useRef<HTMLButtonElement>(null);
  const label = tileLabel(site, clock.nowMs.peek());
  const isChosen = useComputed(() => view.selected.value === site.code);
  useLayoutEffect(() => {
    if (view.stepTo !== site.code) return;
    view.stepTo = null;
    button.current?.focus();
  }, [view, site]);
  const { x, y, width, height } = place;
  return (
    <button
      ref={button}
      type="button"
      class="dense-cursor"
      data-site={site.code}
      data-state={site.state.value}
      aria-label={label}
      aria-description={t('wall.cursor')}
      aria-pressed={isChosen}
      title={label}
      style={{ left: px(x), top: px(y), width: px(width), height: px(height) }}
      onFocus={() => (view.focused.value = site.code)}
      onClick={() => (view.selected.value = site.code)}
    />
  );
}
