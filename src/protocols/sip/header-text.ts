/** Cuts at `separator`, but not inside quoted strings or <...> (RFC 3261 section 25.1). Pieces are trimmed, empty ones dropped. */
export function splitOutsideQuotes(text: string, separator: ',' | ';'): string[] {
  // most values have neither: no need to walk through them
  if (!text.includes('"') && !text.includes('<')) return trimmedPieces(text.split(separator));
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  let angle = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (quoted && char === '\\') i++;
    else if (char === '"' && !angle) quoted = !quoted;
    else if (quoted) continue;
    else if (char === '<') angle = true;
    else if (char === '>') angle = false;
    else if (char === separator && !angle) {
      pieces.push(text.slice(start, i));
      start = i + 1;
    }
  }
  pieces.push(text.slice(start));
  return trimmedPieces(pieces);
}

function trimmedPieces(pieces: string[]): string[] {
  const trimmed: string[] = [];
  for (const piece of pieces) {
    const text = piece.trim();
    if (text !== '') trimmed.push(text);
  }
  return trimmed;
}

export function unquote(text: string): string {
  return text.startsWith('"') && /^".*"$/s.test(text) ? text.slice(1, -1).replace(/\\(.)/gs, '$1') : text;
}

export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]+/g, ' ')}"`;
}

const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** A parameter value that is no `token` (and no address) has to be quoted. */
export function quoteIfNeeded(text: string): string {
  return TOKEN.test(text) || /^\[?[0-9A-Fa-f:.]+\]?$/.test(text) ? text : quote(text);
}

const BEYOND_ASCII = /[\x80-\xff]/;

/** Of bytes that were read one for one as characters; what is no UTF-8 becomes U+FFFD. */
export const decodeUtf8 = (bytes: string): string =>
  BEYOND_ASCII.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
