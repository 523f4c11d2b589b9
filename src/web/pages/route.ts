/** What one address of the board shows. Addresses are kept: they are sent around in messages. */
export type Route =
  | { page: 'wall' }
  | { page: 'sessions' }
  | { page: 'session'; id: string }
  | { page: 'site'; code: string }
  | { page: 'incidents'; id: string | null }
  | { page: 'inventory' }
  | { page: 'system' }
  | { page: 'unknown'; path: string };

export type PageName = Exclude<Route['page'], 'unknown'>;

/** What the component of a page is given. */
export type PageProps<Name extends PageName> = { route: Extract<Route, { page: Name }> };

/** @param path a URL's pathname, percent-encoded */
export function readRoute(path: string): Route {
  const parts = path.split('/').filter((part) => part !== '');
  const [head, tail, more] = parts.map(decoded);
  if (more !== undefined || parts.length > 2) return { page: 'unknown', path };
  switch (head) {
    case undefined:
      return { page: 'wall' };
    case 'sessions':
      return tail === undefined ? { page: 'sessions' } : { page: 'session', id: tail };
    case 'sites':
      return tail === undefined ? { page: 'unknown', path } : { page: 'site', code: tail };
    case 'incidents':
      return { page: 'incidents', id: tail ?? null };
    case 'inventory':
    case 'system':
      return tail === undefined ? { page: head } : { page: 'unknown', path };
    default:
      return { page: 'unknown', path };
  }
}

export function pathOf(route: Route): string {
  switch (route.page) {
    case 'wall':
      return '/';
    case 'session':
      return `/sessions/${encodeURIComponent(route.id)}`;
    case 'site':
      return `/sites/${encodeURIComponent(route.code)}`;
    case 'incidents':
      return route.id === null ? '/incidents' : `/incidents/${encodeURIComponent(route.id)}`;
    case 'unknown':
      return route.path;
    default:
      return `/${route.page}`;
  }
}

/** A typed address may hold a stray percent sign: then it means itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
