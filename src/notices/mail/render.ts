import { type Language, LANGUAGES, type Words } from '../../common/operator-words.js';
import { localTime } from '../local-time.js';
import type { Notice } from '../notice.js';

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

const SIMULATED: Words = { vi: 'DỮ LIỆU MÔ PHỎNG', en: 'simulated data' };
const LONGEST_SUBJECT = 180;

/** Vietnamese first, English below it; the HTML says the same as the text. */
export function renderMail(notices: readonly Notice[], digest: boolean, simulated: boolean): MailText {
  const title = digest ? digestTitle(notices.length) : (notices[0]?.title ?? digestTitle(0));
  const mark = simulated ? `[${SIMULATED.vi} / ${SIMULATED.en}] ` : '';
  const parts = LANGUAGES.map((language) => paragraphs(notices, digest, language, simulated));
  return {
    subject: `[Thông Suốt] ${mark}${title.vi} / ${title.en}`.replace(/\s+/g, ' ').slice(0, LONGEST_SUBJECT),
    text: parts.map((part) => part.map((lines) => lines.join('\n')).join('\n\n')).join('\n\n--------\n\n') + '\n',
    html: `<!doctype html><meta charset="utf-8">${parts.map((part, index) => section(part, LANGUAGES[index] ?? 'vi')).join('<hr>')}`,
  };
}

const digestTitle = (count: number): Words => ({ vi: `Bản tin tổng hợp: ${count} thông báo`, en: `Digest: ${count} notices` });

/** One for each notice: title, time, then what is known. */
function paragraphs(notices: readonly Notice[], digest: boolean, language: Language, simulated: boolean): string[][] {
  const heads = [...(simulated ? [[SIMULATED[language]]] : []), ...(digest ? [[digestTitle(notices.length)[language]]] : [])];
  return [
    ...heads,
    ...notices.map(({ title, atMs, lines }) => [title[language], localTime(atMs), ...lines.map((line) => line[language])]),
  ];
}

const section = (part: string[][], language: Language): string =>
  `<div lang="${language}">${part.map(([head = '', ...rest]) => paragraph(head, rest)).join('')}</div>`;

const paragraph = (head: string, rest: string[]): string =>
  `<p>${[`<strong>${escapeHtml(head)}</strong>`, ...rest.map(escapeHtml)].join('<br>')}</p>`;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Names come from the inventory, the reasons of a fault from an endpoint: neither may become markup. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
