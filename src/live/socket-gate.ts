import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import type { Socket } from 'socket.io';
import { neededRole, type Role, roleIncludes } from '../common/roles.js';

export const SOCKET_GATE = Symbol('SOCKET_GATE');

/** Who may connect. `access/` implements it; the feed only asks, so that the import rule holds. */
export interface SocketGate {
  identify(handshake: Socket['handshake']): { role: Role } | { refused: string };
}

/** Compares the role that a socket event declares with who sent it. An event that declares none is refused. */
@Injectable()
export class SocketRoleGuard implements CanActivate {
  constructor(@Inject(SOCKET_GATE) private readonly gate: SocketGate) {}

  canActivate(context: ExecutionContext): boolean {
    const needs = neededRole(context.getHandler());
    const identity = this.gate.identify(context.switchToWs().getClient<Socket>().handshake);
    return needs !== undefined && 'role' in identity && roleIncludes(identity.role, needs);
  }
}
