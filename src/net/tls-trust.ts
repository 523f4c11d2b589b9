import { readFile } from 'node:fs/promises';
import { X509Certificate } from 'node:crypto';
import { checkServerIdentity, createSecureContext, type PeerCertificate, rootCertificates, type SecureContext } from 'node:tls';
import { err, ok, type Result } from '../common/result.js';

/** Whom we believe that it is the endpoint. */
export interface TlsTrust {
  /** the name or address that the certificate has to be for */
  host: string;
  /** PEM file of the authorities of the site, in place of the system's */
  caFile?: string;
  /** SHA-256 of the one certificate that is accepted, whoever issued it and until whenever it is valid */
  certificateSha256?: string;
}

/** Where Debian, Red Hat, SUSE and Alpine keep the authorities that an administrator added to those of the distribution. */
const SYSTEM_AUTHORITIES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/ca-bundle.pem'];

let systemContext: Promise<SecureContext> | undefined;

/** What a handshake is verified against. Reading the system's hundred authorities takes a while: once a process. */
export async function secureContextFor({ caFile }: TlsTrust): Promise<Result<SecureContext>> {
  if (caFile === undefined) return ok(await (systemContext ??= systemSecureContext()));
  try {
    const ca = await readFile(caFile, 'utf8');
    // OpenSSL passes over what holds no certificate, and everybody would be untrusted for no reason that is told
    new X509Certificate(ca);
    return ok(createSecureContext({ ca, minVersion: 'TLSv1.2' }));
  } catch (error) {
    return err(`caFile cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function systemSecureContext(): Promise<SecureContext> {
  for (const file of SYSTEM_AUTHORITIES) {
    const added = await readFile(file, 'utf8').catch(() => undefined);
    if (added !== undefined) return createSecureContext({ ca: [...rootCertificates, added], minVersion: 'TLSv1.2' });
  }
  return createSecureContext({ ca: [...rootCertificates], minVersion: 'TLSv1.2' });
}

/** RFC 5922 section 7.2: a certificate may name its SIP domain as a URI; otherwise the names are those of any TLS server. */
export function checkSipIdentity(host: string, certificate: PeerCertificate): Error | undefined {
  const names = certificate.subjectaltname ?? '';
  // a quote means a name with a comma inside: nothing to be cut at commas
  const isSipDomain = !names.includes('"') && names.toLowerCase().split(', ').includes(`uri:sip:${host.toLowerCase()}`);
  return isSipDomain ? undefined : checkServerIdentity(host, certificate);
}

/** 'AB:CD:..' or 'abcd..' of a SHA-256 in the form in which two can be compared. */
export const normalizedFingerprint = (text: string): string => text.replaceAll(':', '').toUpperCase();
