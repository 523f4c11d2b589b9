import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { neededRole } from '../common/roles.js';

/** Metadata keys of Nest's own decorators: a route handler has a path, a socket handler is marked as a message mapping. */
const ROUTE = 'path';
const SOCKET_EVENT = 'websockets:message_mapping';

export interface Entrance {
  name: string;
  role: string | undefined;
}

/** Refuses to start when a route or socket event does not say which role it needs, naming each of them. */
@Injectable()
export class RoleAudit implements OnApplicationBootstrap {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  onApplicationBootstrap(): void {
    const open = this.entrances().filter((entrance) => entrance.role === undefined);
    if (open.length === 0) return;
    const names = open.map((entrance) => entrance.name).join(', ');
    throw new Error(`No role is declared for ${names}: add @NeedsRole('viewer' | 'operator' | 'admin') to each`);
  }

  entrances(): Entrance[] {
    return [...this.discovery.getControllers(), ...this.discovery.getProviders()].flatMap(({ metatype, name }) =>
      typeof metatype === 'function' && metatype.prototype ? this.entrancesOf(metatype.prototype as object, String(name)) : [],
    );
  }

  private entrancesOf(prototype: object, owner: string): Entrance[] {
    const handlers = prototype as Record<string, unknown>;
    return this.scanner.getAllMethodNames(prototype).flatMap((method) => {
      const handler = handlers[method];
      if (typeof handler !== 'function') return [];
      const isEntrance = Reflect.hasMetadata(ROUTE, handler) || Reflect.hasMetadata(SOCKET_EVENT, handler);
      return isEntrance ? [{ name: `${owner}.${method}`, role: neededRole(handler) }] : [];
    });
  }
}
