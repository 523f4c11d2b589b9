import { isIP, type Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { err, ok, type Result } from '../common/result.js';
import type { StopSignal } from '../common/stop-switch.js';
import { errorCode, socketFailureOf, type SocketFailure } from './socket-failure.js';
import { connectTcp, type TcpTarget } from './tcp-connect.js';
import { checkSipIdentity, normalizedFingerprint, secureContextFor, type TlsTrust } from './tls-trust.js';

/**
 * `tls`: no handshake could be agreed on, or the certificate is bad whoever judges it. `untrusted`: the certificate may be
 * well, but we were not told to believe its issuer.
 */
export interface TlsFailure {
  failure: SocketFailure | 'tls' | 'untrusted';
  /** for the technician: what was found, and what to do */
  message: string;
}

/** A connection whose peer has proved who it is, or why there is none. Never rejects; the caller owns the socket. */
export async function connectTls(target: TcpTarget, trust: TlsTrust): Promise<Result<TLSSocket, TlsFailure>> {
  const startMs = performance.now();
  const context = await secureContextFor(trust);
  if (!context.ok) return err({ failure: 'untrusted', message: context.error });
  const connected = await connectTcp(target);
  if (!connected.ok) return err({ failure: connected.error, message: `TLS path: ${connected.error}` });
  const socket = connect({
    socket: connected.value,
    secureContext: context.value,
    minVersion: 'TLSv1.2',
    // RFC 6066 section 3: SNI holds names, never addresses
    ...(isIP(trust.host) === 0 ? { servername: trust.host } : { host: trust.host }),
    checkServerIdentity: (_name, certificate) => checkSipIdentity(trust.host, certificate),
    // judged below, where what is wrong can be told; nothing is sent before
    rejectUnauthorized: false,
  });
  const remainingMs = Math.max(1, target.timeoutMs - (performance.now() - startMs));
  const shaken = await handshake(socket, connected.value, remainingMs, target.signal);
  const failure = shaken.ok ? distrust(socket, trust) : shaken.error;
  if (!failure) return ok(socket);
  // a late error of a socket that nobody owns any more must not end the process
  socket.on('error', () => undefined);
  socket.destroy();
  return err(failure);
}

function handshake(
  socket: TLSSocket,
  tcp: Socket,
  timeoutMs: number,
  signal: StopSignal | undefined,
): Promise<Result<void, TlsFailure>> {
  return new Promise((resolve) => {
    const settle = (result: Result<void, TlsFailure>): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('secureConnect', onSecure);
      tcp.removeListener('close', onClose);
      resolve(result);
    };
    const onSecure = (): void => settle(ok(undefined));
    const onError = (error: Error): void => settle(err(handshakeFailure(error)));
    const onAbort = (): void => settle(err({ failure: 'aborted', message: 'stopped during the TLS handshake' }));
    const onClose = (): void => settle(err({ failure: 'tls', message: CLOSED_EARLY }));
    const timer = setTimeout(
      () => settle(err({ failure: 'timeout', message: 'the connection was accepted, but the TLS handshake was never answered' })),
      timeoutMs,
    );
    signal?.addEventListener('abort', onAbort, { once: true });
    socket.once('secureConnect', onSecure);
    socket.once('error', onError);
    tcp.once('close', onClose);
    if (signal?.aborted) onAbort();
  });
}

const CLOSED_EARLY = 'the peer closed the connection during the TLS handshake: is this its TLS port, and does it speak TLS 1.2?';

function handshakeFailure(error: Error): TlsFailure {
  const code = errorCode(error);
  if (code === 'ECONNRESET') return { failure: 'tls', message: CLOSED_EARLY };
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG')
    return { failure: 'tls', message: 'the peer does not speak TLS on this port: try transport udp or tcp, or another port' };
  if (code.startsWith('ERR_SSL') || code === 'EPROTO')
    return { failure: 'tls', message: `no TLS handshake could be agreed on (TLS 1.2 or later is needed): ${code}` };
  return { failure: socketFailureOf(error), message: `TLS path: ${code}` };
}

/** Why the peer of a finished handshake is not believed to be the endpoint; undefined when it is. */
function distrust(socket: TLSSocket, trust: TlsTrust): TlsFailure | undefined {
  const fingerprint = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
  if (trust.certificateSha256 !== undefined) {
    if (fingerprint !== '' && normalizedFingerprint(fingerprint) === normalizedFingerprint(trust.certificateSha256))
      return undefined;
    return { failure: 'tls', message: `not the pinned certificate: found SHA-256 ${fingerprint}. Renewed? Then pin it anew` };
  }
  if (socket.authorized) return undefined;
  // typed Error, but holds the code of the error
  const code = String(socket.authorizationError);
  const bad = BAD_CERTIFICATE[code];
  if (bad) return { failure: 'tls', message: `${bad} (${code}, SHA-256 ${fingerprint})` };
  const advice = `name its authority in caFile, or pin it: certificateSha256 ${fingerprint}`;
  return { failure: 'untrusted', message: `the certificate was issued by nobody we trust (${code}): ${advice}` };
}

const BAD_CERTIFICATE: Record<string, string | undefined> = {
  CERT_HAS_EXPIRED: 'the certificate has expired: renew it on the device, and check both clocks',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet: check the clocks of the device and of this machine',
  CERT_REVOKED: 'the certificate has been revoked: replace it on the device',
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate is for another name: call the endpoint by a name in it, renew it, or pin it',
};
