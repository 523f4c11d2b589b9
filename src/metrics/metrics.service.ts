import { Inject, Injectable } from '@nestjs/common';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Denials } from '../common/denials.js';
import type { SignalName, SignalState } from '../common/states.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import type { EndpointView } from '../health/endpoint-view.js';
import { HealthService } from '../health/health.service.js';
import { SEVERITIES } from '../incidents/incident.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import { LiveGateway } from '../live/live.gateway.js';
import { MonitorStatusService } from '../live/monitor-status.service.js';
import { NoticesService } from '../notices/notices.service.js';
import type { ProberStats } from '../prober/messages.js';
import { ProberHost } from '../prober/host/prober-host.js';
import { ResultsService } from '../results/results.service.js';
import type { SessionView } from '../sessions/session-view.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type Outcome, PROBE_KINDS, type ProbeKind, type StreamMeasures } from '../probes/contract.js';
import { VERSION } from '../common/version.js';
import { CATALOGUE, type MetricName } from './catalogue.js';

const SIGNALS: readonly { signal: SignalName; labels: { direction: string; medium: string } }[] = [
  { signal: 'audioIn', labels: { direction: 'from_endpoint', medium: 'audio' } },
  { signal: 'audioOut', labels: { direction: 'to_endpoint', medium: 'audio' } },
  { signal: 'videoIn', labels: { direction: 'from_endpoint', medium: 'video' } },
  { signal: 'videoOut', labels: { direction: 'to_endpoint', medium: 'video' } },
];

/** Nothing known is an absent series, never 0 or 1: a dashboard must be able to tell "bad" from "no data". */
const FLOWING: Record<SignalState, number | undefined> = { flowing: 1, poor: 1, absent: 0, unknown: undefined };
/** States in which the signalling stack gave an answer. `untested` and `unknown` are neither up nor down. */
const UP: Record<EndpointView['state'], number | undefined> = {
  ready: 1,
  degraded: 1,
  'in-use': 1,
  unverified: 1,
  down: 0,
  untested: undefined,
  unknown: undefined,
  maintenance: undefined,
};
/** Gauges that prom-client ends in `_total`: promtool refuses them, and `nodejs_active_*` says the same by type. */
const MISNAMED_DEFAULTS = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];
const BUCKETS_S = {
  vc_probe_run_duration_seconds: [0.01, 0.05, 0.1, 0.5, 1, 2, 5, 7, 10, 15, 25],
  vc_store_write_duration_seconds: [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 60],
};
type HistogramName = keyof typeof BUCKETS_S;

/**
 * Endpoint gauges are rebuilt at each scrape from the live state, so that a series leaves when its endpoint or its freshness
 * does; counters are counted as outcomes pass.
 */
@Injectable()
export class MetricsService {
  private readonly registry = new Registry();
  private readonly gauges = new Map<MetricName, Gauge>();
  private readonly counters = new Map<MetricName, Counter>();
  private readonly histograms = new Map<HistogramName, Histogram>();
  /** what the prober last counted: it counts from its own start, so a fall means a new process */
  private counted = { clockSteps: 0, skippedRounds: 0, dropped: {} as Record<string, number> };
  private countedRows = { stored: 0, absorbed: 0, setAside: 0, copied: 0, merged: 0 };
  private readonly countedIncidents = new Map<string, number>();
  private countedDenials = { http: 0, socket: 0 };
  private countedAudience = { snapshots: 0, lagged: 0, evicted: { slow: 0, rate: 0 } };

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly health: HealthService,
    private readonly live: LiveGateway,
    private readonly monitor: MonitorStatusService,
    private readonly prober: ProberHost,
    private readonly denials: Denials,
    private readonly results: ResultsService,
    private readonly incidents: IncidentsService,
    private readonly sessions: SessionsService,
    private readonly notices: NoticesService,
  ) {
    collectDefaultMetrics({ register: this.registry });
    for (const name of MISNAMED_DEFAULTS) this.registry.removeSingleMetric(name);
    for (const [name, { type, labels, help }] of Object.entries(CATALOGUE) as [MetricName, (typeof CATALOGUE)[MetricName]][]) {
      const definition = { name, help, labelNames: [...labels], registers: [this.registry] };
      if (type === 'gauge') this.gauges.set(name, new Gauge(definition));
      if (type === 'counter') this.counters.set(name, new Counter(definition));
    }
    for (const name of Object.keys(BUCKETS_S) as HistogramName[]) {
      const { labels, help } = CATALOGUE[name];
      const definition = { name, help, labelNames: [...labels], buckets: BUCKETS_S[name], registers: [this.registry] };
      this.histograms.set(name, new Histogram(definition));
    }
  }

  get contentType(): string {
    return this.registry.contentType;
  }

  async render(): Promise<string> {
    for (const gauge of this.gauges.values()) gauge.reset();
    for (const view of this.health.views()) this.fillEndpoint(view);
    this.fillSelf();
    this.fillIncidents();
    for (const session of this.sessions.views()) this.fillSession(session);
    return this.registry.metrics();
  }

  outcomesSeen(outcomes: Outcome[]): void {
    for (const outcome of outcomes) {
      this.counter('vc_probe_runs_total').inc({ probe: outcome.kind });
      this.histograms.get('vc_probe_run_duration_seconds')?.observe({ probe: outcome.kind }, outcome.durationMs / 1000);
      if (outcome.result !== 'pass') this.counter('vc_probe_failures_total').inc({ probe: outcome.kind, reason: outcome.reason });
    }
  }

  storeWrite(succeeded: boolean): void {
    this.counter('vc_store_writes_total').inc();
    if (!succeeded) this.counter('vc_store_write_failures_total').inc();
  }

  storeWritten(tookMs: number): void {
    this.histograms.get('vc_store_write_duration_seconds')?.observe(tookMs / 1000);
  }

  private fillEndpoint(view: EndpointView): void {
    const endpoint = view.id;
    const protocol = protocolOf(view);
    const { siteName: name, siteCode: site, tier, carrier, area } = view;
    this.set('vc_endpoint_info', { endpoint, name, site, tier, carrier, area, protocol }, 1);
    this.set('vc_endpoint_up', { endpoint }, UP[view.state]);
    this.set('vc_endpoint_ready', { endpoint }, UP[view.state] === undefined ? undefined : Number(view.state === 'ready'));
    const intervals = this.health.intervals(endpoint);
    for (const probe of PROBE_KINDS) this.fillProbe(endpoint, probe, intervals[probe]);
    this.fillMedia(endpoint, view);
  }

  private fillProbe(endpoint: string, probe: ProbeKind, intervalMs: number | undefined): void {
    if (intervalMs === undefined) return;
    this.set('vc_probe_interval_seconds', { endpoint, probe }, intervalMs / 1000);
    const outcome = this.health.freshOutcome(endpoint, probe);
    if (!outcome) return;
    const endedAtS = Date.parse(outcome.startedAt) / 1000 + outcome.durationMs / 1000;
    this.set('vc_probe_success', { endpoint, probe }, Number(outcome.result === 'pass'));
    this.set('vc_probe_duration_seconds', { endpoint, probe }, outcome.durationMs / 1000);
    this.set('vc_probe_last_run_timestamp_seconds', { endpoint, probe }, endedAtS);
  }

  private fillMedia(endpoint: string, view: EndpointView): void {
    const call = this.health.freshCall(endpoint);
    if (!call) return;
    for (const { signal, labels } of SIGNALS) {
      const stream: StreamMeasures | undefined = call.media?.[signal];
      this.set('vc_media_flowing', { endpoint, ...labels }, FLOWING[view.signals[signal]]);
      this.set('vc_media_packet_loss_ratio', { endpoint, ...labels }, stream?.lossRatio);
      this.set('vc_media_jitter_seconds', { endpoint, ...labels }, inSeconds(stream?.jitterMs));
    }
    this.set('vc_media_round_trip_seconds', { endpoint }, inSeconds(call.rttMs));
    this.set('vc_media_mos', { endpoint, direction: 'from_endpoint' }, call.mos);
  }

  private fillAudience(): void {
    const now = structuredClone(this.live.audienceCounts() ?? this.countedAudience);
    const before = this.countedAudience;
    this.counter('vc_socket_snapshots_total').inc(now.snapshots - before.snapshots);
    this.counter('vc_socket_lagged_total').inc(now.lagged - before.lagged);
    for (const reason of ['slow', 'rate'] as const) {
      this.counter('vc_socket_evicted_total').inc({ reason }, now.evicted[reason] - before.evicted[reason]);
    }
    this.countedAudience = now;
  }

  private fillSelf(): void {
    const { prober, database } = this.monitor.current();
    this.set('vc_prober_up', {}, Number(prober === 'up'));
    this.set('vc_store_up', {}, Number(database === 'up'));
    this.set('vc_socket_clients', { namespace: '/live' }, this.live.clientCount());
    this.set('vc_build_info', { version: VERSION, node_version: process.version }, 1);
    for (const surface of ['http', 'socket'] as const) {
      const { total } = this.denials[surface];
      this.counter('vc_access_denied_total').inc({ surface }, total - this.countedDenials[surface]);
      this.countedDenials[surface] = total;
    }
    this.fillAudience();
    this.fillStore();
    this.fillNotices();
    const stats = this.prober.stats();
    for (const probe of PROBE_KINDS) {
      this.set('vc_scheduler_queued_probes', { probe }, stats?.queued[probe] ?? 0);
      this.set('vc_scheduler_running_probes', { probe }, stats?.running[probe] ?? 0);
      this.set('vc_scheduler_running_probes_limit', { probe }, this.config.probes[probe].concurrency);
    }
    if (stats) this.fillProberStats(stats);
  }

  private fillIncidents(): void {
    const open = this.incidents.open();
    for (const severity of SEVERITIES)
      this.set('vc_incidents_open', { severity }, open.filter((one) => one.severity === severity).length);
    for (const [key, count] of this.incidents.opened()) {
      const [severity = '', cause = ''] = key.split(' ');
      this.counter('vc_incidents_opened_total').inc({ severity, cause }, count - (this.countedIncidents.get(key) ?? 0));
      this.countedIncidents.set(key, count);
    }
  }

  private fillSession(view: SessionView): void {
    if (view.status === 'cancelled') return;
    const session = view.id;
    this.set('vc_session_info', { session, kind: view.rehearsal ? 'rehearsal' : 'session' }, 1);
    this.set('vc_session_start_timestamp_seconds', { session }, Date.parse(view.startsAt) / 1000);
    this.set('vc_session_end_timestamp_seconds', { session }, Date.parse(view.endsAt) / 1000);
    if (view.verdict === undefined) return;
    const { ready = 0, total = 0 } = view;
    this.set('vc_session_ready', { session }, Number(view.verdict === 'GO'));
    this.set('vc_session_endpoints', { session, state: 'ready' }, ready);
    this.set('vc_session_endpoints', { session, state: 'not_ready' }, total - ready);
  }

  private fillStore(): void {
    const { waiting, ...now } = this.results.counts();
    const before = this.countedRows;
    this.set('vc_store_waiting_rows', {}, waiting);
    for (const [fate, key] of [
      ['stored', 'stored'],
      ['absorbed', 'absorbed'],
      ['set_aside', 'setAside'],
    ] as const) {
      this.counter('vc_store_rows_total').inc({ fate }, now[key] - before[key]);
    }
    for (const path of ['copied', 'merged'] as const)
      this.counter('vc_store_batches_total').inc({ path }, now[path] - before[path]);
    this.countedRows = now;
  }

  private fillNotices(): void {
    const { waiting: unstored, dropped } = this.notices.unstored();
    this.set('vc_notices_unstored', {}, unstored);
    const counters = ['vc_notices_total', 'vc_notice_attempt_failures_total', 'vc_notices_dropped_total'] as const;
    for (const name of counters) this.counter(name).reset();
    this.counter('vc_notices_dropped_total').inc(dropped);
    for (const { name: receiver, sent, dead, attemptsFailed, waiting, overdueMs } of this.notices.receivers()) {
      this.set('vc_notices_waiting', { receiver }, waiting);
      this.set('vc_notices_oldest_due_seconds', { receiver }, inSeconds(overdueMs ?? undefined));
      this.counter('vc_notices_total').inc({ receiver, fate: 'sent' }, sent);
      this.counter('vc_notices_total').inc({ receiver, fate: 'dead' }, dead);
      this.counter('vc_notice_attempt_failures_total').inc({ receiver }, attemptsFailed);
    }
  }

  private fillProberStats(stats: ProberStats): void {
    this.set('vc_store_spool_records', {}, stats.unacknowledged);
    this.counter('vc_clock_steps_total').inc(rise(this.counted.clockSteps, stats.clockSteps));
    this.counter('vc_scheduler_skipped_rounds_total').inc(rise(this.counted.skippedRounds, stats.skippedRounds));
    for (const scope of ['area', 'carrier'] as const) {
      for (const [name, held] of Object.entries(stats.heldBack[scope])) {
        this.set('vc_scheduler_held_back_probes', { scope, name }, held);
      }
    }
    for (const [reason, total] of Object.entries(stats.dropped)) {
      this.counter('vc_store_spool_dropped_records_total').inc({ reason }, rise(this.counted.dropped[reason] ?? 0, total));
    }
    const { clockSteps, skippedRounds, dropped } = stats;
    this.counted = { clockSteps, skippedRounds, dropped: { ...dropped } };
  }

  private set(name: MetricName, labels: Record<string, string>, value: number | undefined): void {
    if (value !== undefined) this.gauges.get(name)?.set(labels, value);
  }

  private counter(name: MetricName): Counter {
    const counter = this.counters.get(name);
    if (!counter) throw new Error(`${name} is not a counter of the catalogue`);
    return counter;
  }
}

const inSeconds = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : ms / 1000);
const rise = (before: number, now: number): number => (now >= before ? now - before : now);

/** What the endpoint was seen to be called by. */
function protocolOf({ probes }: EndpointView): 'sip' | 'h323' | 'both' | 'none' {
  const sip = probes['sip-options'] ?? probes['sip-call'];
  const h323 = probes['h323-ping'] ?? probes['h323-call'];
  if (sip && h323) return 'both';
  return sip ? 'sip' : h323 ? 'h323' : 'none';
}
