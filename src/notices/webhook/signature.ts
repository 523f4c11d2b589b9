import { createHmac } from 'node:crypto';

/**
 * Signs as the Standard Webhooks specification 1.0 says, so that a receiver can check with a library of its own language.
 * @param secret `whsec_` and base64, or any other text taken as it is
 * @param timestampS Unix time in seconds, of this attempt
 */
export function webhookSignature(secret: string, id: string, timestampS: number, body: string): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : Buffer.from(secret);
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampS}.${body}`).digest('base64')}`;
}
