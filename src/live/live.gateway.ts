import { Inject, type OnApplicationShutdown, UseGuards } from '@nestjs/common';
import {
  ConnectedSocket,
  type OnGatewayConnection,
  type OnGatewayDisconnect,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
} from '@nestjs/websockets';
import { systemClock } from '../common/clock.js';
import { NeedsRole } from '../common/roles.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { HealthService } from '../health/health.service.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { Audience, type FeedNamespace, type FeedSocket } from './audience.js';
import { LIVE_NAMESPACE } from './feed-events.js';
import { FEED_SERVER } from './feed-server-options.js';
import { LiveFeed } from './live-feed.js';
import { MonitorStatusService } from './monitor-status.service.js';
import { SOCKET_GATE, SocketRoleGuard, type SocketGate } from './socket-gate.js';

/** The live feed: a snapshot to each that connects, then what changed, at most ten times a second (batched: 20x fewer frames). */
@UseGuards(SocketRoleGuard)
@WebSocketGateway({ namespace: LIVE_NAMESPACE, ...FEED_SERVER })
export class LiveGateway
  implements OnGatewayInit<FeedNamespace>, OnGatewayConnection<FeedSocket>, OnGatewayDisconnect<FeedSocket>, OnApplicationShutdown
{
  private readonly feed: LiveFeed;
  private readonly timers: NodeJS.Timeout[] = [];
  private audience: Audience | null = null;

  constructor(
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    @Inject(SOCKET_GATE) private readonly gate: SocketGate,
    health: HealthService,
    incidents: IncidentsService,
    sessions: SessionsService,
    monitor: MonitorStatusService,
  ) {
    this.feed = new LiveFeed(systemClock, () => ({
      endpoints: health.views(),
      sessions: sessions.views(),
      incidents: incidents.open(),
      monitor: monitor.current(),
    }));
    incidents.onChanged((changed) => this.feed.incidentsChanged(changed));
    sessions.onChanged((changed) => this.feed.sessionsChanged(changed));
    health.onChange(({ changed, removed }) => this.feed.endpointsChanged(changed, removed));
    monitor.onChange(() => this.feed.monitorStatusChanged());
  }

  afterInit(namespace: FeedNamespace): void {
    namespace.use((socket, next) => {
      const identity = this.gate.identify(socket.handshake);
      next('refused' in identity ? new Error(identity.refused) : undefined);
    });
    const audience = new Audience(namespace, this.feed, systemClock);
    this.audience = audience;
    this.timers.push(
      setInterval(() => audience.flush(), this.config.live.deltaIntervalMs),
      setInterval(() => audience.heartbeat(new Date().toISOString()), this.config.live.heartbeatMs),
    );
  }

  handleConnection(socket: FeedSocket): void {
    this.audience?.join(socket);
  }

  handleDisconnect(socket: FeedSocket): void {
    this.audience?.leave(socket);
  }

  @SubscribeMessage('resync')
  @NeedsRole('viewer')
  resync(@ConnectedSocket() socket: FeedSocket): void {
    this.audience?.resync(socket);
  }

  clientCount(): number {
    return this.audience?.size ?? 0;
  }

  /** Since the start: snapshots sent, pages that fell behind, pages sent away. */
  audienceCounts(): Audience['counts'] | undefined {
    return this.audience?.counts;
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.audience?.close();
  }
}
