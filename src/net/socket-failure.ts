/** What a connection attempt or a connected socket can die of, in the words of the operating system's error code. */
export type SocketFailure = 'refused' | 'no-route' | 'reset' | 'closed' | 'timeout' | 'aborted';

const BY_CODE: Record<string, SocketFailure> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  // the given source address is not ours: there is no path from it
  EADDRNOTAVAIL: 'no-route',
  // a local packet filter or a source/target mismatch (loopback source, outside target)
  EINVAL: 'no-route',
  EPERM: 'no-route',
  EACCES: 'no-route',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'timeout',
  ABORT_ERR: 'aborted',
};

/** Not by `instanceof`: errors of the platform may come from another realm. */
export const errorCode = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

export const socketFailureOf = (error: unknown): SocketFailure => BY_CODE[errorCode(error)] ?? 'closed';

/** Said by OpenSSL of an established connection: an alert of the peer, a broken record. */
export const isTlsError = (error: unknown): boolean => errorCode(error).startsWith('ERR_SSL');
