/**
 * The dialogs a device has, as it tells them itself: application/dialog-info+xml (RFC 4235 section 4). Of it we need the states alone.
 * A strict scanner of elements and their text: no DTD, no entities that could grow, every loop goes forward, and sizes are bounded.
 */
import { err, ok, type Result } from '../../common/result.js';

const STATES = ['trying', 'proceeding', 'early', 'confirmed', 'terminated'] as const;
export type DialogPhase = (typeof STATES)[number];

const MOST_CHARACTERS = 64 * 1024;
const MOST_DIALOGS = 64;
const DEEPEST = 16;
/** Name of an element, with or without a prefix. */
const NAME = /^(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)/;
const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

interface Tag {
  name: string;
  kind: 'open' | 'close' | 'empty';
  /** behind its '>' */
  end: number;
}

/** The state of each dialog that the document tells of; those of words that RFC 4235 does not know are left out. */
export function parseDialogInfo(text: string): Result<DialogPhase[]> {
  if (text.length > MOST_CHARACTERS) return err('document too long');
  const path: string[] = [];
  const states: DialogPhase[] = [];
  let rootSeen = false;
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', at)) {
    const skippedTo = skip(text, at);
    if (skippedTo === -1) return err('document not closed');
    if (skippedTo > at) {
      at = skippedTo;
      continue;
    }
    const tag = readTag(text, at);
    if (!tag) return err('not an element');
    at = tag.end;
    if (tag.kind === 'close') {
      if (path.pop() !== tag.name) return err('elements not nested');
      continue;
    }
    if (path.length === 0 && (rootSeen || tag.name !== 'dialog-info')) return err('not a dialog-info document');
    rootSeen = true;
    if (tag.kind === 'empty') continue;
    path.push(tag.name);
    if (path.length > DEEPEST) return err('elements nested too deep');
    if (path.join('/') === 'dialog-info/dialog/state') {
      const word = text.slice(at, text.indexOf('<', at)).trim();
      const state = STATES.find((known) => known === word);
      if (state) states.push(state);
      if (states.length > MOST_DIALOGS) return err('too many dialogs');
    }
  }
  return rootSeen && path.length === 0 ? ok(states) : err('document not closed');
}

/** Behind a comment and the like; where it stands, if there is none; -1: it does not end. */
function skip(text: string, at: number): number {
  const found = SKIPPED.find(([begin]) => text.startsWith(begin, at));
  if (!found) return at;
  const [begin, end] = found;
  const endAt = text.indexOf(end, at + begin.length);
  return endAt === -1 ? -1 : endAt + end.length;
}

/** undefined: no tag; a DOCTYPE is none. */
function readTag(text: string, at: number): Tag | undefined {
  const closing = text[at + 1] === '/';
  const nameAt = at + (closing ? 2 : 1);
  const name = NAME.exec(text.slice(nameAt, nameAt + 200));
  if (!name?.[1]) return undefined;
  const end = endOfTag(text, nameAt + name[0].length);
  if (end === -1) return undefined;
  const kind = closing ? 'close' : text[end - 2] === '/' ? 'empty' : 'open';
  return { name: name[1], kind, end };
}

/** Behind the '>' that stands in no attribute's value; -1: there is none. */
function endOfTag(text: string, from: number): number {
  let quote = '';
  for (let at = from; at < text.length; at++) {
    const character = text[at] as string;
    if (quote) quote = character === quote ? '' : quote;
    else if (character === '"' || character === "'") quote = character;
    else if (character === '>') return at + 1;
    else if (character === '<') return -1;
  }
  return -1;
}
