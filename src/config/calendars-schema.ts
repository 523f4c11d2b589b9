import { z } from 'zod';
import { TIERS } from '../common/states.js';
import { name, oneOf, path, section, whole } from './schema-parts.js';

const names = z.array(z.string({ error: 'a name' }).min(1, { error: 'a name' }), { error: 'a list of names' });

/** Only what stands in the settings is ever fetched: no calendar can make us ask elsewhere. */
const calendarUrl = z
  .string({ error: 'a URL' })
  .refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), { error: 'a URL http:// or https://' });

const calendar = section({
  name: name.refine((given) => given !== 'upload', { error: 'another name: "upload" are the files sent by hand' }),
  url: calendarUrl.optional(),
  file: path.optional(),
  pollSeconds: whole(30, 86_400).default(300),
  participants: section({
    all: z.boolean({ error: 'true or false' }),
    tiers: z.array(oneOf(...TIERS), { error: `a list of ${TIERS.join(', ')}` }),
    areas: names,
    carriers: names,
    sites: names,
    except: names,
    optional: names,
  })
    .partial()
    .default({}),
  counterparts: names.default([]),
}).refine(({ url, file }) => (url === undefined) !== (file === undefined), { error: 'one of url and file' });

export const calendarsSchema = z
  .array(calendar, { error: 'a list of mappings with the keys name, url, file, pollSeconds, participants, counterparts' })
  .max(16, { error: 'at most 16' })
  .refine((list) => new Set(list.map((one) => one.name)).size === list.length, { error: 'each calendar under a name of its own' })
  .default([]);

export type CalendarSettings = z.output<typeof calendarsSchema>[number];
