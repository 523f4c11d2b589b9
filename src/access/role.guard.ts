import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { Socket } from 'socket.io';
import { neededRole, type Role, roleIncludes } from '../common/roles.js';
import { identify } from './local-identity.js';

/** Compares what a route or socket event declares with who asks. What declares nothing is refused. */
@Injectable()
export class RoleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const needs = neededRole(context.getHandler());
    const has = context.getType() === 'ws' ? roleOfSocket(context.switchToWs().getClient<Socket>()) : roleOfRequest(context);
    if (needs && has && roleIncludes(has, needs)) return true;
    throw new ForbiddenException(needs ? `role ${needs} is needed` : 'this route declares no role');
  }
}

function roleOfRequest(context: ExecutionContext): Role | null {
  const request = context.switchToHttp().getRequest<Request>();
  const identity = identify({ remoteAddress: request.socket.remoteAddress, headers: request.headers });
  return 'role' in identity ? identity.role : null;
}

function roleOfSocket(socket: Socket): Role | null {
  const identity = identify({ remoteAddress: socket.handshake.address, headers: socket.handshake.headers });
  return 'role' in identity ? identity.role : null;
}
