import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { SOCKET_GATE, type SocketGate } from '../live/socket-gate.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { MetricsService } from '../metrics/metrics.service.js';

import { identify } from './local-identity.js';
import { RoleAudit } from './role-audit.js';
import { RoleGuard } from './role.guard.js';

const socketGate = (metrics: MetricsService): SocketGate => ({
  identify(handshake) {
    const identity = identify({ remoteAddress: handshake.address, headers: handshake.headers });
    if ('refused' in identity) metrics.accessDenied('socket');
    return identity;
  },
});

@Global()
@Module({
  imports: [DiscoveryModule, MetricsModule],
  providers: [
    RoleAudit,
    RoleGuard,
    { provide: APP_GUARD, useExisting: RoleGuard },
    { provide: SOCKET_GATE, useFactory: socketGate, inject: [MetricsService] },
  ],
  exports: [RoleAudit, SOCKET_GATE],
})
export class AccessModule {}
