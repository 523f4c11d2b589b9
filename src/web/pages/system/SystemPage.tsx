import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useBoard } from '../../board/services.js';
import { formatNumber, t } from '../../i18n/index.js';
import '../../styles/desk.css';
import '../../styles/system.css';
import { AnswerNote } from '../desk/AnswerNote.js';
import { durationText } from '../desk/duration.js';
import { momentText } from '../desk/moment.js';
import { useRemote } from '../desk/use-remote.js';
import type { SelfReport } from '../../../live/self/self-report.js';
import { GlobalStop } from './GlobalStop.js';
import { NoticeReceivers, Settings } from './Lists.js';
import { troublesOf } from './troubles.js';

const RENEW_MS = 5_000;
const MEGABYTE = 1e6;

/** Is the monitor itself well? What every part of it knows, in one place. */
export function SystemPage() {
  const { clock } = useBoard();
  const turn = useComputed(() => Math.floor(clock.monotonicMs.value / RENEW_MS)).value;
  const { answer, value } = useRemote<SelfReport>('/monitor/self', turn);
  return (
    <div class="system-page">
      <h2 class="desk-title">{t('system.title')}</h2>
      <AnswerNote answer={answer} />
      {value && <Verdict report={value} />}
      <GlobalStop />
      {value && <Report report={value} />}
    </div>
  );
}

function Verdict({ report }: { report: SelfReport }) {
  const troubles = troublesOf(report);
  return (
    <div class="system-verdict" role="status" data-well={troubles.length === 0}>
      {troubles.length === 0 ? (
        <p>
          <b>{t('system.well')}</b>
        </p>
      ) : (
        <ul>
          {troubles.map((key) => (
            <li key={key}>{t(key)}</li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Report({ report }: { report: SelfReport }) {
  const { prober, spool, database, clock, core, notices, doubt, references } = report;
  const now = Date.parse(report.at);
  const age = (since: string | null) => (since === null ? t('system.notKnown') : durationText(now - Date.parse(since)));
  return (
    <div class="system-cards">
      <Card title={t('system.prober')}>
        <Fact name={t('system.state')} value={t(`system.proberState.${prober.status}`)} />
        <Fact name={t('system.upFor')} value={age(prober.upSince)} />
        <Fact name={t('system.restarts')} value={prober.restarts} />
        <Fact name={t('system.running')} value={prober.figures?.running} />
        <Fact name={t('system.queued')} value={prober.figures?.queued} />
        <Fact name={t('system.startDelay')} value={inMs(prober.figures?.startDelayP99Ms)} />
        <Fact name={t('system.loopLag')} value={inMs(prober.figures?.loopLagP99Ms)} />
        <Fact name={t('system.skipped')} value={prober.figures?.skippedRounds} />
        <Fact name={t('system.engine')} value={prober.figures?.icmpEngine} />
        <Fact name={t('system.plan')} value={prober.figures?.planRevision} />
      </Card>
      <Card title={t('system.spool')}>
        <Fact name={t('system.waiting')} value={spool.waiting} />
        <Fact name={t('system.waitingInCore')} value={spool.waitingInCore} />
        <Fact name={t('system.size')} value={inMegabytes(spool.sizeBytes)} />
        <Fact name={t('system.setAside')} value={spool.setAside} />
        <Fact name={t('system.dropped')} value={droppedText(spool.dropped)} />
      </Card>
      <Card title={t('system.database')}>
        <Fact name={t('system.state')} value={database.up ? t('system.up') : (database.lastError ?? t('system.down'))} />
        <Fact name={t('system.writer')} value={database.writer ? t('system.yes') : t('system.no')} />
        <Fact name={t('system.latency')} value={inMs(database.figures?.latencyMs)} />
        <Fact name={t('system.size')} value={inMegabytes(database.figures?.sizeBytes)} />
        <Fact name={t('system.partitions')} value={partitionText(database.figures?.partitions)} />
        <Fact name={t('system.rollup')} value={database.figures && momentOrNone(database.figures.lastRollupHour)} />
      </Card>
      <Card title={t('system.clock')}>
        <Fact name={t('system.steps')} value={clock.steps} />
        <Fact
          name={t('system.synchronised')}
          value={clock.discipline && (clock.discipline.synchronised ? t('system.yes') : t('system.no'))}
        />
        <Fact name={t('system.offset')} value={inMs(clock.discipline?.offsetMs)} />
        <Fact name={t('system.maxError')} value={inMs(clock.discipline?.maxErrorMs)} />
      </Card>
      <Card title={t('system.core')}>
        <Fact name={t('system.version')} value={report.version} />
        <Fact name={t('system.node')} value={report.node} />
        <Fact name={t('system.upFor')} value={age(core.startedAt)} />
        <Fact name={t('system.loopLag')} value={inMs(core.loopLagP99Ms)} />
        <Fact name={t('system.memory')} value={inMegabytes(core.memoryBytes)} />
        <Fact name={t('system.clients')} value={core.feedClients} />
      </Card>
      <Card title={t('system.sight')}>
        <Fact name={t('system.vantage')} value={report.vantage} />
        <Fact name={t('system.doubt')} value={doubt ? t(`system.doubt.${doubt.why}`) : t('system.noDoubt')} />
        {doubt && <Fact name={t('system.since')} value={momentText(doubt.since)} />}
        <Fact name={t('system.references')} value={references.join(', ') || t('system.noReferences')} />
      </Card>
      <NoticeReceivers notices={notices} />
      <Settings settings={report.settings} />
    </div>
  );
}

function Card({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="system-card" aria-label={title}>
      <h3>{title}</h3>
      <dl>{children}</dl>
    </section>
  );
}

function Fact({ name, value }: { name: string; value: string | number | null | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{typeof value === 'number' ? formatNumber(value) : (value ?? t('system.notKnown'))}</dd>
    </div>
  );
}

const inMs = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : t('system.ms', { n: formatNumber(ms) });

const inMegabytes = (bytes: number | null | undefined): string | null =>
  bytes == null ? null : t('system.megabytes', { n: formatNumber(bytes / MEGABYTE) });

const momentOrNone = (at: string | null): string => (at === null ? t('system.none') : momentText(at));

function droppedText(dropped: Record<string, number>): string {
  const lost = Object.entries(dropped).filter(([, count]) => count > 0);
  return lost.map(([reason, count]) => `${reason}: ${formatNumber(count)}`).join(', ') || t('system.none');
}

function partitionText(partitions: { count: number; first: string | null; last: string | null } | undefined): string | undefined {
  return (
    partitions && t('system.partitionDays', { n: partitions.count, first: partitions.first ?? '', last: partitions.last ?? '' })
  );
}
