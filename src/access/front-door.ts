import type { NextFunction, Request, Response } from 'express';
import { identify } from './local-identity.js';

/**
 * Stands before everything Express serves, also what is no Nest route (static files, OpenAPI page): who may not see the
 * board does not get its files either.
 */
export function frontDoor(onDenied: () => void) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const identity = identify({ remoteAddress: request.socket.remoteAddress, headers: request.headers });
    if ('role' in identity) {
      next();
      return;
    }
    onDenied();
    response
      .status(403)
      .type('application/problem+json')
      .send(JSON.stringify({ type: 'about:blank', title: 'Forbidden', status: 403, detail: identity.refused }));
  };
}
