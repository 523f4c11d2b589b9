import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { CERTIFICATE, PRIVATE_KEY } from '../../net/testing/certificates.js';

export interface ReceivedMail {
  from: string;
  to: string[];
  /** as it came over the line: header, empty line, body */
  raw: string;
  /** what the parts say, decoded */
  text: string;
  html: string;
  header(name: string): string | undefined;
  tls: boolean;
}

/** A real SMTP server on a port of its own. */
export class MailServer {
  readonly mails: ReceivedMail[] = [];
  readonly logins: { user: string | undefined; password: string | undefined }[] = [];
  private readonly server: SMTPServer;

  private constructor(options: SMTPServerOptions) {
    this.server = new SMTPServer({
      ...{ key: PRIVATE_KEY, cert: CERTIFICATE, authOptional: true, logger: false, disableReverseLookup: true, closeTimeout: 1 },
      onAuth: ({ username, password }, _session, callback) => {
        this.logins.push({ user: username ?? undefined, password: password ?? undefined });
        callback(null, { user: username });
      },
      onData: (stream, session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          this.mails.push({
            ...{ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), tls: session.secure },
            ...parsed(Buffer.concat(chunks).toString()),
          });
          callback();
        });
      },
      ...options,
    });
    this.server.on('error', () => undefined);
  }

  static async start(options: SMTPServerOptions = {}): Promise<MailServer> {
    const mail = new MailServer(options);
    await once(mail.server.listen(0, '127.0.0.1'), 'listening');
    return mail;
  }

  get port(): number {
    return (this.server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

function parsed(raw: string): Pick<ReceivedMail, 'raw' | 'text' | 'html' | 'header'> {
  const header = (name: string): string | undefined =>
    decodedWords(new RegExp(`^${name}: ((?:.|\\r\\n[ \\t])*)`, 'im').exec(raw)?.[1]?.replaceAll(/\r\n[ \t]/g, ' ') ?? '') ||
    undefined;
  const boundary = /boundary="([^"]+)"/.exec(raw)?.[1] ?? '';
  const parts = raw.split(`--${boundary}`).slice(1);
  const part = (type: string): string => decodedPart(parts.find((one) => one.includes(`Content-Type: ${type}`)) ?? '');
  return { raw, header, text: part('text/plain'), html: part('text/html') };
}

/** RFC 2045: base64 or quoted-printable */
function decodedPart(part: string): string {
  const [head = '', ...body] = part.split('\r\n\r\n');
  const text = body.join('\r\n\r\n');
  if (/: base64/i.test(head)) return Buffer.from(text, 'base64').toString();
  return fromQuoted(text.replaceAll(/=\r\n/g, ''));
}

const fromQuoted = (text: string): string =>
  decodeURIComponent(text.replaceAll('%', '%25').replaceAll(/=([0-9A-F]{2})/g, '%$1')).replaceAll('\r\n', '\n');

/** RFC 2047 */
const decodedWords = (text: string): string =>
  text
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?UTF-8\?([QB])\?([^?]*)\?=/gi, (_all, kind: string, word: string) =>
      kind.toUpperCase() === 'B' ? Buffer.from(word, 'base64').toString() : fromQuoted(word.replaceAll('_', ' ')),
    );
