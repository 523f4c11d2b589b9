import { z } from 'zod';
import { NOTICE_TYPES, URGENT_NOTICE_TYPES } from '../common/notice-types.js';
import { NOTICE_SECRET_VARIABLE } from './notice-secrets.js';
import { host, name, number, oneOf, path, section, text, whole } from './schema-parts.js';

const MAX_RECEIVERS = 8;

const secretEnv = text(NOTICE_SECRET_VARIABLE, 'NOTICE_SECRET, or a name that begins with NOTICE_SECRET_');
const address = text(/^[^\s<>@"(),:;\\[\]]{1,64}@[A-Za-z0-9.-]{1,253}$/, 'an e-mail address such as truc@example.vn');

const events = z
  .array(oneOf(...NOTICE_TYPES), { error: `a list of ${NOTICE_TYPES.join(', ')}` })
  .default(() => [...URGENT_NOTICE_TYPES]);

/** What goes anywhere stands in the settings alone: no event and no answer can make us send to another place. */
const webhookUrl = z.string({ error: 'a URL' }).refine(isPlainUrl, {
  error: 'a URL http://host[:port]/path or https://..., without user, password or fragment',
});

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hash === '';
}

const webhook = section({
  name,
  url: webhookUrl,
  secretFile: path.optional(),
  secretEnv: secretEnv.optional(),
  caFile: path.optional(),
  events,
}).refine(({ secretFile, secretEnv: variable }) => (secretFile === undefined) !== (variable === undefined), {
  error: 'one of secretFile and secretEnv',
});

const mailServer = section({
  host,
  port: whole(1, 65_535).default(587),
  encryption: oneOf('starttls', 'tls', 'none').default('starttls'),
  caFile: path.optional(),
  user: text(/^[^\s]{1,128}$/, 'a text of 1 to 128 characters without spaces').optional(),
  passwordFile: path.optional(),
  passwordEnv: secretEnv.optional(),
})
  .refine(
    ({ user, passwordFile, passwordEnv }) =>
      [passwordFile, passwordEnv].filter((source) => source !== undefined).length === (user === undefined ? 0 : 1),
    { error: 'user together with one of passwordFile and passwordEnv, or none of them' },
  )
  .refine(({ user, encryption }) => user === undefined || encryption !== 'none', {
    error: 'encryption starttls or tls where there is a user: a password is not sent in the clear',
  });

const mailList = section({
  name,
  to: z
    .array(address, { error: 'a list of e-mail addresses' })
    .min(1, { error: 'at least one address' })
    .max(50, { error: 'at most 50' }),
  events,
  digestMinutes: whole(0, 10_080).default(60),
});

const severalOf = <Item extends z.ZodType>(item: Item) =>
  z.array(item, { error: 'a list' }).max(MAX_RECEIVERS, { error: `at most ${MAX_RECEIVERS}` });

export const noticesSchema = section({
  giveUpAfterHours: number(0.001, 720).default(24),
  keepDays: whole(1, 3650).default(90),
  timeoutSeconds: number(0.1, 60).default(10),
  settleSeconds: number(0, 3600).default(30),
  backoffSeconds: section({ min: number(0.01, 3600).default(5), max: number(0.01, 86_400).default(300) })
    .refine(({ min, max }) => min <= max, { error: 'min not above max' })
    .prefault({}),
  webhooks: severalOf(webhook).default([]),
  mail: section({ server: mailServer, from: address, lists: severalOf(mailList) }).optional(),
})
  .refine(
    ({ webhooks, mail }) => {
      const names = [...webhooks, ...(mail?.lists ?? [])].map((receiver) => receiver.name);
      return new Set(names).size === names.length;
    },
    { error: 'every webhook and list under a name of its own' },
  )
  .prefault({});

export type NoticeSettings = z.output<typeof noticesSchema>;
export type WebhookSettings = NoticeSettings['webhooks'][number];
export type MailSettings = NonNullable<NoticeSettings['mail']>;
export type MailListSettings = MailSettings['lists'][number];
