import { Inject, type OnApplicationShutdown, UseGuards } from '@nestjs/common';
import {
  ConnectedSocket,
  type OnGatewayConnection,
  type OnGatewayInit,
  SubscribeMessage,
  WebSocketGateway,
  WebSocketServer,
} from '@nestjs/websockets';
import type { Namespace, Socket } from 'socket.io';
import { systemClock } from '../common/clock.js';
import { NeedsRole } from '../common/roles.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { HealthService } from '../health/health.service.js';
import { IncidentsService } from '../incidents/incidents.service.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { type ClientToServerEvents, LIVE_NAMESPACE, type ServerToClientEvents } from './feed-events.js';
import { LiveFeed } from './live-feed.js';
import { MonitorStatusService } from './monitor-status.service.js';
import { SOCKET_GATE, SocketRoleGuard, type SocketGate } from './socket-gate.js';

type FeedSocket = Socket<ClientToServerEvents, ServerToClientEvents>;
type FeedNamespace = Namespace<ClientToServerEvents, ServerToClientEvents>;

/** A page that asks for snapshot upon snapshot costs every other page its freshness. */
const RESYNC_MIN_GAP_MS = 1_000;

/** The live feed: a snapshot to each that connects, then what changed, at most ten times a second (batched: 20x fewer frames). */
@UseGuards(SocketRoleGuard)
@WebSocketGateway({ namespace: LIVE_NAMESPACE, serveClient: false, maxHttpBufferSize: 16 * 1024, perMessageDeflate: false })
export class LiveGateway implements OnGatewayInit<FeedNamespace>, OnGatewayConnection<FeedSocket>, OnApplicationShutdown {
  @WebSocketServer() private readonly namespace!: FeedNamespace;
  private readonly feed: LiveFeed;
  private readonly timers: NodeJS.Timeout[] = [];
  private readonly lastResyncMs = new WeakMap<FeedSocket, number>();

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
    this.timers.push(
      setInterval(() => this.flush(), this.config.live.deltaIntervalMs),
      setInterval(() => namespace.emit('heartbeat', { at: new Date().toISOString() }), this.config.live.heartbeatMs),
    );
  }

  handleConnection(socket: FeedSocket): void {
    this.flush();
    socket.emit('snapshot', this.feed.snapshot());
  }

  @SubscribeMessage('resync')
  @NeedsRole('viewer')
  resync(@ConnectedSocket() socket: FeedSocket): void {
    const nowMs = systemClock.monotonicMs();
    if (nowMs - (this.lastResyncMs.get(socket) ?? -Infinity) < RESYNC_MIN_GAP_MS) return;
    this.lastResyncMs.set(socket, nowMs);
    this.flush();
    socket.emit('snapshot', this.feed.snapshot());
  }

  clientCount(): number {
    return this.namespace?.sockets.size ?? 0;
  }

  onApplicationShutdown(): void {
    for (const timer of this.timers) clearInterval(timer);
  }

  private flush(): void {
    const delta = this.feed.takeDelta();
    if (delta) this.namespace.emit('delta', delta);
  }
}
