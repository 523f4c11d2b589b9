import { effect, useComputed } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { formatNumber, t } from '../../i18n/index.js';
import { needsWork, severityOf } from '../../state/health.js';
import { fitProjection, type MapFrame, type Place } from '../../state/map-projection.js';
import type { SiteModel } from '../../state/site-model.js';
import { tileLabel } from '../../text/sentences.js';
import { currentPalette } from '../dense/palette.js';
import { useBoard } from '../services.js';
import { currentTheme } from '../theme.js';
import { useSize } from '../use-size.js';
import { type Mark, paintMap, paintScale } from './map-painter.js';

const PADDING_PX = 44;
/** How far from a mark a click still means it. */
const REACH_PX = 14;

/** The sites where they lie. A second way to see what the tiles say, never the only one: names and keys are there. */
export function SiteMap() {
  const { clock, store, view } = useBoard();
  const { element, size } = useSize<HTMLDivElement>();
  const placed = useComputed(() => store.sites.value.flatMap((site) => placeOf(site) ?? []));
  const missing = useComputed(() => store.sites.value.length - placed.value.length);
  const frame = useComputed((): MapFrame => ({ widthPx: size.value.width, heightPx: size.value.height, paddingPx: PADDING_PX }));
  const projection = useComputed(() => fitProjection(placed.value, frame.value));
  const marks = useComputed(() =>
    placed.value
      .map(({ site, ...place }): Mark => ({
        ...{ code: site.code, name: site.name, ...projection.value.project(place), state: site.state.value },
        ...{ inIncident: store.causeOfSite.value.has(site.code), isChosen: view.selected.value === site.code },
      }))
      .sort((a, b) => severityOf(b.state) - severityOf(a.state)),
  );
  const canvas = usePainted(() => ({ marks: marks.value, projection: projection.value, frame: frame.value }));
  const troubled = useComputed(() => placed.value.filter(({ site }) => needsWork(site.state.value)).length);
  const siteUnder = (event: MouseEvent): SiteModel | undefined => {
    const mark = nearest(marks.peek(), event.offsetX, event.offsetY);
    return mark && store.site(mark.code);
  };
  return (
    <section class="map" aria-label={t('map.title')}>
      <div class="map-canvas" ref={element}>
        <canvas
          ref={canvas}
          role="img"
          aria-label={t('map.summary', { n: placed.value.length, troubled: troubled.value })}
          onClick={(event) => (view.selected.value = siteUnder(event)?.code ?? null)}
          onMouseMove={(event) => {
            const site = siteUnder(event);
            event.currentTarget.title = site ? tileLabel(site, clock.nowMs.peek()) : '';
          }}
        />
      </div>
      {missing.value > 0 && <p class="map-missing">{t('map.missing', { n: missing.value })}</p>}
    </section>
  );
}

function placeOf(site: SiteModel): (Place & { site: SiteModel }) | null {
  const { lat, lon } = site.endpoints[0].value;
  return lat === null || lon === null ? null : { site, lat, lon };
}

function nearest(marks: readonly Mark[], x: number, y: number): Mark | undefined {
  const distance = (mark: Mark): number => Math.hypot(mark.x - x, mark.y - y);
  const [first] = marks.filter((mark) => distance(mark) <= REACH_PX).sort((a, b) => distance(a) - distance(b));
  return first;
}

interface Content {
  marks: readonly Mark[];
  projection: ReturnType<typeof fitProjection>;
  frame: MapFrame;
}

/** Paints at the next frame after anything of it changed. */
function usePainted(content: () => Content) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    let frame = 0;
    const repaint = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => canvas.current && paint(canvas.current, content()));
    };
    const stop = effect(() => {
      content();
      currentTheme();
      repaint();
    });
    document.fonts.addEventListener('loadingdone', repaint);
    return () => {
      stop();
      cancelAnimationFrame(frame);
      document.fonts.removeEventListener('loadingdone', repaint);
    };
  }, []);
  return canvas;
}

function paint(canvas: HTMLCanvasElement, { marks, projection, frame: { widthPx, heightPx } }: Content): void {
  const ratio = devicePixelRatio;
  canvas.width = Math.round(widthPx * ratio);
  canvas.height = Math.round(heightPx * ratio);
  const context = canvas.getContext('2d');
  if (!context) return;
  context.scale(ratio, ratio);
  const palette = currentPalette();
  paintScale(context, projection, heightPx, palette, (km) => t('map.km', { n: formatNumber(km) }));
  paintMap(context, marks, palette);
  canvas.dataset.marks = String(marks.length);
}
