import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { currentTheme } from '../../board/theme.js';
import { formatNumber, locale } from '../../i18n/index.js';
import type { Band, Columns } from './series.js';

export interface ChartProps {
  title: string;
  /** how a value is said, with its unit */
  say: (value: number) => string;
  columns: Columns;
  /** name and colour token of each line */
  lines: readonly { name: string; ink: string }[];
  fromMs: number;
  toMs: number;
  bands: readonly Band[];
  /** beyond it a call is poor */
  limit: number | undefined;
  /** a scale never shorter than this: noise of a thousandth is no mountain */
  least: number;
}

const HEIGHT = 150;
const ZONE = 'Asia/Ho_Chi_Minh';

/** One figure over time. Drawn on a canvas: the table beside it says the same to whoever does not see it. */
export function Chart(props: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const theme = currentTheme();
  const language = locale.value;
  useEffect(() => {
    const host = place.current;
    if (!host) return;
    const plot = new uPlot(optionsOf(props, host.clientWidth), props.columns, host);
    const follow = new ResizeObserver(() => plot.setSize({ width: host.clientWidth, height: HEIGHT }));
    follow.observe(host);
    return () => {
      follow.disconnect();
      plot.destroy();
    };
  }, [props.columns, props.fromMs, props.toMs, props.bands, props.limit, theme, language]);
  return (
    <figure class="chart" aria-label={props.title}>
      <figcaption>{props.title}</figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

function optionsOf({ columns, lines, fromMs, toMs, bands, limit, least, say }: ChartProps, width: number): uPlot.Options {
  const token = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const most = Math.max(least, ...columns.slice(1).flatMap((line) => line.map((value) => value ?? 0)), limit ?? 0);
  const axis: uPlot.Axis = {
    stroke: token('--ink-2'),
    grid: { stroke: token('--line'), width: 1 },
    ticks: { show: false },
    font: '12px "Be Vietnam Pro"',
  };
  return {
    width,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), ZONE),
    cursor: { sync: { key: 'site' }, drag: { x: false, y: false } },
    legend: { show: false },
    scales: { x: { min: fromMs / 1000, max: toMs / 1000 }, y: { range: [0, most * 1.1] } },
    axes: [
      { ...axis, size: 28, values: (_, splits) => splits.map((seconds) => axisTime(seconds * 1000, toMs - fromMs)) },
      { ...axis, size: 56, values: (_, splits) => splits.map((value) => formatNumber(value)) },
    ],
    series: [
      {},
      ...lines.map(({ name, ink }): uPlot.Series => ({
        label: name,
        stroke: token(ink),
        width: 1.5,
        points: { size: 4 },
        value: (_, value: number | null) => (value === null ? '' : say(value)),
      })),
    ],
    hooks: {
      drawClear: [(plot) => shade(plot, bands, token('--in-use-bg'))],
      draw: [(plot) => rule(plot, limit, token('--degraded'))],
    },
  };
}

const HOURS = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, hour: '2-digit', minute: '2-digit' });
const DAYS = new Intl.DateTimeFormat('en-GB', { timeZone: ZONE, day: '2-digit', month: '2-digit' });
const axisTime = (ms: number, spanMs: number): string => (spanMs <= 2 * 86_400_000 ? HOURS : DAYS).format(ms);

function shade(plot: uPlot, bands: readonly Band[], ink: string): void {
  const { ctx, bbox } = plot;
  ctx.fillStyle = ink;
  for (const { fromS, toS } of bands) {
    const left = plot.valToPos(fromS, 'x', true);
    ctx.fillRect(left, bbox.top, plot.valToPos(toS, 'x', true) - left, bbox.height);
  }
}

function rule(plot: uPlot, limit: number | undefined, ink: string): void {
  if (limit === undefined) return;
  const { ctx, bbox } = plot;
  const y = plot.valToPos(limit, 'y', true);
  ctx.save();
  ctx.strokeStyle = ink;
  ctx.setLineDash([6, 4]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}
