import { useMemo, useRef, useState } from 'preact/hooks';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import { AnswerNote } from '../desk/AnswerNote.js';
import { minuteText } from '../desk/moment.js';
import { useRemote } from '../desk/use-remote.js';
import type { Profiles, Series, SeriesPoint, Sessions } from './api-types.js';
import { Chart } from './Chart.js';
import { bandsOf, type Columns, columnsOf, type Span, SPANS } from './series.js';

interface Figure {
  key: 'rtt' | 'loss' | 'jitter' | 'mos';
  from: 'pings' | 'calls';
  limit: 'rttMs' | 'lossRatio' | 'jitterMs' | 'mos';
  least: number;
  scale: number;
  lines: readonly { key: 'median' | 'p95' | 'mean' | 'worst'; of: (point: SeriesPoint) => number | undefined }[];
}

const FIGURES: readonly Figure[] = [
  {
    ...{ key: 'rtt', from: 'pings', limit: 'rttMs', least: 20, scale: 1 },
    lines: [
      { key: 'median', of: ({ rttMs }) => rttMs?.median },
      { key: 'p95', of: ({ rttMs }) => rttMs?.p95 },
    ],
  },
  {
    ...{ key: 'loss', from: 'calls', limit: 'lossRatio', least: 2, scale: 100 },
    lines: [{ key: 'mean', of: ({ lossRatio }) => lossRatio && lossRatio * 100 }],
  },
  {
    ...{ key: 'jitter', from: 'calls', limit: 'jitterMs', least: 5, scale: 1 },
    lines: [
      { key: 'mean', of: ({ jitterMs }) => jitterMs?.mean },
      { key: 'worst', of: ({ jitterMs }) => jitterMs?.max },
    ],
  },
  {
    ...{ key: 'mos', from: 'calls', limit: 'mos', least: 4.5, scale: 1 },
    lines: [
      { key: 'mean', of: ({ mos }) => mos?.mean },
      { key: 'worst', of: ({ mos }) => mos?.min },
    ],
  },
];
const INKS = ['--in-use', '--unverified'] as const;
/** a series is asked for anew so often while its page is open */
const RENEW_MS = 60_000;

interface ChartsProps {
  endpointId: string;
  profile: string;
  /** over which protocol it is called */
  calls: 'sip-call' | 'h323-call';
}

/** While the figures of the next minute are under way those of the last stay: a chart that blinks cannot be read. */
function useLast<T>(value: T | null, key: string): T | null {
  const kept = useRef<{ key: string; value: T | null }>({ key, value });
  if (value !== null || kept.current.key !== key) kept.current = { key, value };
  return kept.current.value;
}

/** Figures of one device over a day, a week or a quarter; the server chooses results or rollups. Sessions are shaded. */
export function Charts({ endpointId, profile, calls }: ChartsProps) {
  const { clock } = useBoard();
  const [span, setSpan] = useState<Span>('day');
  const minute = Math.floor(clock.nowMs.value / RENEW_MS) * RENEW_MS;
  const time = useMemo(() => ({ fromMs: minute - SPANS[span], toMs: minute }), [minute, span]);
  const range = `from=${new Date(time.fromMs).toISOString()}&to=${new Date(time.toMs).toISOString()}`;
  const path = `/endpoints/${encodeURIComponent(endpointId)}/series?${range}&probe=`;
  const pings = useRemote<Series>(`${path}icmp`);
  const called = useRemote<Series>(path + calls);
  const series = { pings: useLast(pings.value, span), calls: useLast(called.value, span) };
  const sessions = useRemote<Sessions>(`/sessions?${range}`);
  const profiles = useRemote<Profiles>('/health/thresholds');
  const limits = profiles.value?.profiles.find(({ name }) => name === profile)?.thresholds;
  const bands = useMemo(() => bandsOf(sessions.value?.items ?? [], time.fromMs, time.toMs), [sessions.value, time]);
  return (
    <section aria-labelledby="site-charts">
      <div class="site-charts-head">
        <h3 id="site-charts" class="desk-heading">
          {t('sitePage.charts')}
        </h3>
        <div class="choices" role="group" aria-label={t('sitePage.span')}>
          {(Object.keys(SPANS) as Span[]).map((one) => (
            <button key={one} type="button" class="quiet-button" aria-pressed={span === one} onClick={() => setSpan(one)}>
              {t(`sitePage.span.${one}`)}
            </button>
          ))}
        </div>
      </div>
      {(pings.answer !== null || series.pings === null) && <AnswerNote answer={pings.answer} />}
      <div class="charts">
        {FIGURES.map((figure) => (
          <FigureOverTime
            key={figure.key}
            {...{ figure, bands, ...time }}
            series={series[figure.from]}
            limit={limits?.[figure.limit].value}
          />
        ))}
      </div>
    </section>
  );
}

interface FigureProps {
  figure: Figure;
  series: Series | null;
  bands: ReturnType<typeof bandsOf>;
  limit: number | undefined;
  fromMs: number;
  toMs: number;
}

const NOTHING: Columns = [[]];

function FigureOverTime({ figure, series, limit, ...time }: FigureProps) {
  const columns = useMemo(
    () =>
      series
        ? columnsOf(
            series,
            figure.lines.map(({ of }) => of),
          )
        : NOTHING,
    [series, figure],
  );
  const lines = figure.lines.map(({ key }, index) => ({ name: t(`sitePage.line.${key}`), ink: INKS[index] ?? INKS[0] }));
  const say = (value: number): string => t(`sitePage.figure.${figure.key}`, { value: formatNumber(value) });
  if (columns[0].length === 0) return null;
  return (
    <div>
      <Chart
        {...{ columns, lines, say, ...time }}
        title={t(`sitePage.chart.${figure.key}`)}
        limit={limit === undefined ? undefined : limit * figure.scale}
        least={figure.least}
      />
      <p class="chart-legend">
        {lines.map(({ name, ink }) => (
          <span key={name}>
            <i style={{ background: `var(${ink})` }} /> {name}
          </span>
        ))}
        {limit !== undefined && <span>{t('sitePage.limit', { value: say(limit * figure.scale) })}</span>}
      </p>
      <AsTable {...{ columns, lines, say }} title={t(`sitePage.chart.${figure.key}`)} />
    </div>
  );
}

interface TableProps {
  title: string;
  columns: Columns;
  lines: readonly { name: string }[];
  say: (value: number) => string;
}

/** What the chart draws, in words: for whoever does not see it, and to be copied into a letter. */
function AsTable({ title, columns, lines, say }: TableProps) {
  const [isOpen, setOpen] = useState(false);
  const [seconds, ...values] = columns;
  return (
    <details class="chart-table" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t('sitePage.asTable')}</summary>
      {isOpen && (
        <table class="desk-table" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t('sitePage.time')}</th>
              {lines.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {seconds.map((second, row) => (
              <tr key={second}>
                <th scope="row">{minuteText(new Date(second * 1000).toISOString())}</th>
                {values.map((line, column) => {
                  const value = line[row];
                  return <td key={column}>{value == null ? t('sitePage.gap') : say(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}
