import { readFile } from 'node:fs/promises';
import { type Clock, systemClock } from '../../common/clock.js';
import type { NoticeType } from '../../common/notice-types.js';
import type { WebhookSettings } from '../../config/notices-schema.js';
import { failureInWords } from '../failure.js';
import { readSecret } from '../notice-secret.js';
import type { Attempt, Receiver, StoredNotice } from '../notice.js';
import { post, type PostAnswer } from './post.js';
import { webhookSignature } from './signature.js';

/** The receiver speaks, and cannot do with this one: malformed, in conflict, too large, not understood. Any other status is about itself. */
const REFUSES_THE_NOTICE = [400, 409, 413, 415, 422];

/** A URL that is sent signed notices, one a request. */
export class WebhookReceiver implements Receiver {
  readonly kind = 'webhook';
  readonly digestMinutes = 0;
  readonly name: string;
  readonly events: readonly NoticeType[];

  constructor(
    private readonly settings: WebhookSettings,
    private readonly simulated: boolean,
    private readonly clock: Pick<Clock, 'wallMs'> = systemClock,
  ) {
    this.name = settings.name;
    this.events = settings.events;
  }

  async send(notices: readonly StoredNotice[], _digest: boolean, signal: AbortSignal): Promise<Attempt> {
    const { url, caFile, secretFile, secretEnv } = this.settings;
    const secret = await readSecret({ file: secretFile, variable: secretEnv });
    if (!secret.ok) return { ok: false, fault: 'receiver', error: secret.error };
    try {
      const ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
      for (const notice of notices) {
        const body = JSON.stringify(webhookBody(notice, this.simulated));
        const answer = await post({ url, body, ca, signal, headers: this.headers(secret.value, notice.id, body) });
        if (answer.status < 200 || answer.status > 299) return refusal(answer);
      }
      return { ok: true };
    } catch (error) {
      return { ok: false, fault: 'receiver', error: failureInWords(error, signal, [secret.value, url]) };
    }
  }

  private headers(secret: string, id: string, body: string): Record<string, string> {
    const timestampS = Math.floor(this.clock.wallMs() / 1000);
    return {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'thong-suot',
      'webhook-id': id,
      'webhook-timestamp': String(timestampS),
      'webhook-signature': webhookSignature(secret, id, timestampS, body),
    };
  }
}

export function webhookBody({ id, type, subject, atMs, title, lines, details }: StoredNotice, simulated: boolean): object {
  return { id, type, at: new Date(atMs).toISOString(), subject, simulated, title, lines, ...details };
}

function refusal({ status, retryAfterS }: PostAnswer): Attempt {
  const error = status >= 300 && status < 400 ? `status ${status}: a redirect is not followed` : `status ${status}`;
  return {
    ...{ ok: false, fault: REFUSES_THE_NOTICE.includes(status) ? 'notice' : 'receiver', error },
    ...(retryAfterS === undefined ? {} : { retryAfterMs: retryAfterS * 1000 }),
  };
}
