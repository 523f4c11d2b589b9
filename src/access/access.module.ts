import { Global, Module } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { Denials } from '../common/denials.js';
import { SOCKET_GATE, type SocketGate } from '../live/socket-gate.js';

import { identify } from './local-identity.js';
import { RoleAudit } from './role-audit.js';
import { RoleGuard } from './role.guard.js';

const socketGate = (denials: Denials): SocketGate => ({
  identify(handshake) {
    const identity = identify({ remoteAddress: handshake.address, headers: handshake.headers });
    if ('refused' in identity) denials.socket.total++;
    return identity;
  },
});

@Global()
@Module({
  imports: [DiscoveryModule],
  providers: [
    RoleAudit,
    RoleGuard,
    { provide: APP_GUARD, useExisting: RoleGuard },
    { provide: SOCKET_GATE, useFactory: socketGate, inject: [Denials] },
  ],
  exports: [RoleAudit, SOCKET_GATE],
})
export class AccessModule {}
