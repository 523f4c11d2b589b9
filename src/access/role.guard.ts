import { type CanActivate, type ExecutionContext, ForbiddenException, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { neededRole, roleIncludes } from '../common/roles.js';
import { identify } from './local-identity.js';

/** Compares what a route declares with who asks. A route that declares nothing is refused. (Sockets: live/socket-gate.) */
@Injectable()
export class RoleGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true;
    const needs = neededRole(context.getHandler());
    const request = context.switchToHttp().getRequest<Request>();
    const identity = identify({ remoteAddress: request.socket.remoteAddress, headers: request.headers });
    if (needs && 'role' in identity && roleIncludes(identity.role, needs)) return true;
    throw new ForbiddenException(needs ? `role ${needs} is needed` : 'this route declares no role');
  }
}
