import 'reflect-metadata';

/** viewer sees, operator tests and notes, admin changes the inventory and the configuration. Each includes the one before. */
export const ROLES = ['viewer', 'operator', 'admin'] as const;
export type Role = (typeof ROLES)[number];

const NEEDED_ROLE = Symbol.for('thong-suot.needed-role');

/**
 * Declares the least role of a route handler or socket event. It stands here, free of Nest, because every feature folder
 * needs it while `access/`, which enforces it, may import them and not the other way round.
 */
export function NeedsRole(role: Role): MethodDecorator {
  return (_target, _key, descriptor: PropertyDescriptor) => {
    Reflect.defineMetadata(NEEDED_ROLE, role, descriptor.value as object);
    return descriptor;
  };
}

/** undefined: nothing was declared, and the guard refuses. */
export function neededRole(handler: object): Role | undefined {
  return Reflect.getMetadata(NEEDED_ROLE, handler) as Role | undefined;
}

export const roleIncludes = (has: Role, needs: Role): boolean => ROLES.indexOf(has) >= ROLES.indexOf(needs);
