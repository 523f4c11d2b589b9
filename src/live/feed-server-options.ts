import type { ServerOptions } from 'socket.io';

/** Of the socket.io server: nothing a page sends is larger than a name, and who joins no namespace is no page. */
export const FEED_SERVER = {
  serveClient: false,
  maxHttpBufferSize: 16 * 1024,
  connectTimeout: 5_000,
  // 500 pages: deflating each delta for each would be most of our work, and the lines are local
  perMessageDeflate: false,
} as const satisfies Partial<ServerOptions>;
