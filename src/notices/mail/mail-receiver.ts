import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { createTransport } from 'nodemailer';
import type { NoticeType } from '../../common/notice-types.js';
import type { MailListSettings, MailSettings } from '../../config/notices-schema.js';
import { failureInWords } from '../failure.js';
import { readSecret } from '../notice-secret.js';
import { type Attempt, noticeId, type Receiver, type StoredNotice } from '../notice.js';
import { renderMail } from './render.js';

/** A list of addresses, told by one message over SMTP. */
export class MailReceiver implements Receiver {
  readonly kind = 'mail';
  readonly name: string;
  readonly events: readonly NoticeType[];
  readonly digestMinutes: number;

  constructor(
    private readonly settings: Pick<MailSettings, 'server' | 'from'>,
    private readonly list: MailListSettings,
    private readonly simulated: boolean,
  ) {
    this.name = list.name;
    this.events = list.events;
    this.digestMinutes = list.digestMinutes;
  }

  async send(notices: readonly StoredNotice[], digest: boolean, signal: AbortSignal): Promise<Attempt> {
    const password = await this.password();
    if (password?.ok === false) return { ok: false, fault: 'receiver', error: password.error };
    const secret = password?.value ?? '';
    let socket: Socket | undefined;
    try {
      socket = await openSocket(this.settings.server, signal);
      await this.hand(socket, secret, this.message(notices, digest));
      return { ok: true };
    } catch (error) {
      const fault = refusesTheMessage(error) ? 'notice' : 'receiver';
      return { ok: false, fault, error: failureInWords(error, signal, [secret, `\0${this.settings.server.user}\0${secret}`]) };
    } finally {
      socket?.destroy();
    }
  }

  /** undefined: the server wants none */
  private password() {
    const { user, passwordFile, passwordEnv } = this.settings.server;
    return user === undefined ? undefined : readSecret({ file: passwordFile, variable: passwordEnv });
  }

  private async hand(socket: Socket, password: string, message: object): Promise<void> {
    const { host, encryption, caFile, user } = this.settings.server;
    const transport = createTransport({
      host,
      secure: encryption === 'tls',
      requireTLS: encryption === 'starttls',
      ignoreTLS: encryption === 'none',
      tls: caFile === undefined ? {} : { ca: await readFile(caFile, 'utf8') },
      ...(user === undefined ? {} : { auth: { user, pass: password } }),
      getSocket: (_options, callback) => callback(null, { connection: socket }),
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    // nodemailer's own time-outs are about silence; a server that says a byte a second is ended by the signal, with the socket
    const cut = once(socket, 'close').then(() => {
      throw new Error('the connection was closed');
    });
    await Promise.race([transport.sendMail(message), cut]);
  }

  private message(notices: readonly StoredNotice[], digest: boolean) {
    const { from } = this.settings;
    const id = digest ? noticeId(notices.map((notice) => notice.id).join()) : notices[0]?.id;
    return {
      from: { name: 'Thông Suốt', address: from },
      to: this.list.to,
      // the same at every attempt: what was taken twice is seen once
      messageId: `<${id}.${this.name}@${from.split('@')[1]}>`,
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Thong-Suot-Type': digest ? 'digest' : (notices[0]?.type ?? '') },
      ...renderMail(notices, digest, this.simulated),
    };
  }
}

/** Our own, so that one signal can end it at any stage. */
async function openSocket({ host, port }: MailSettings['server'], signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = connect({ host, port });
  socket.on('error', () => undefined); // told by whoever reads
  signal.addEventListener('abort', () => socket.destroy(), { once: true });
  try {
    await once(socket, 'connect', { signal });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** A permanent answer to the message or to all its recipients (RFC 5321 4.2.1); a wrong password is about the server. */
function refusesTheMessage(error: unknown): boolean {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && typeof responseCode === 'number' && responseCode >= 500;
}
