import type { EndpointView } from '../../live/feed-events.js';

/** Text as people type it in a hurry: without diacritics, in small letters. */
export function foldText(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').replace(/[đĐ]/g, 'd').toLowerCase();
}

export const matchesQuery = (query: string, endpoints: readonly EndpointView[]): boolean =>
  matchesFolded(query, () => foldText(endpoints.map(searchableText).join(' ')));

/**
 * Every word of the query has to be found. A word of letters must begin a word ("an" finds An Bình, not Tân Sơn); one with a
 * digit may stand anywhere, since people remember the middle of an address or the end of a code.
 *
 * @param haystack folded; asked for only when there is something to find
 */
export function matchesFolded(query: string, haystack: () => string): boolean {
  const wanted = foldText(query).split(/\s+/).filter(Boolean);
  if (!wanted.length) return true;
  const text = haystack();
  return wanted.every((word) => (/\d/.test(word) ? text.includes(word) : startsWord(text, word)));
}

/** The former names, where it was only by them that a site was found: whoever asked for one knows then why it is this one. */
export function foundByFormerNames(
  query: string,
  { siteName, siteCode, carrier, address, formerNames }: EndpointView,
): string | null {
  if (formerNames === '') return null;
  return matchesFolded(query, () => foldText([siteName, siteCode, carrier, address].join(' '))) ? null : formerNames;
}

const searchableText = (view: EndpointView): string =>
  [view.siteName, view.formerNames, view.siteCode, view.carrier, view.address].join(' ');

function startsWord(haystack: string, word: string): boolean {
  for (let at = haystack.indexOf(word); at >= 0; at = haystack.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(haystack.charAt(at - 1))) return true;
  }
  return false;
}
