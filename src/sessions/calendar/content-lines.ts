import { err, ok, type Result } from '../../common/result.js';

/** The outer shape of iCalendar (RFC 5545, section 3.1): bytes in, components out. What is wrong is named by its line. */

export interface CalendarProblem {
  /** from 1, as a person sees it in an editor; 0: the whole file */
  line: number;
  field: string;
  found: string;
  allowed: string;
}

export interface Property {
  line: number;
  name: string;
  /** names in capitals, values without their quotes */
  params: ReadonlyMap<string, string>;
  value: string;
}

export interface Component {
  line: number;
  name: string;
  properties: Property[];
  components: Component[];
}

export const MAX_CALENDAR_BYTES = 1024 * 1024;
const MAX_COMPONENTS = 5_000;
const MAX_DEPTH = 5;
const MAX_PROBLEMS = 20;
const SHOWN_CHARACTERS = 80;

export const shownText = (text: string): string =>
  text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}...` : text;

/** Its VCALENDAR objects; at least one. */
export function readComponents(bytes: Uint8Array): Result<Component[], CalendarProblem[]> {
  if (bytes.length > MAX_CALENDAR_BYTES)
    return err([fileProblem(`${bytes.length} bytes`, `at most ${MAX_CALENDAR_BYTES} bytes`)]);
  const text = decode(bytes);
  if (text === null) return err([fileProblem('bytes that are no UTF-8', 'a calendar (.ics) in UTF-8')]);
  const tree = new Tree();
  for (const { line, text: content } of unfolded(text)) {
    tree.add(line, content);
    if (tree.problems.length >= MAX_PROBLEMS) break;
  }
  return tree.finish();
}

const fileProblem = (found: string, allowed: string): CalendarProblem => ({ line: 0, field: 'file', found, allowed });

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** A line that begins with a space or a tab goes on with the line before (section 3.1). */
function unfolded(text: string): { line: number; text: string }[] {
  const lines: { line: number; parts: string[] }[] = [];
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const last = lines.at(-1);
    if (/^[ \t]/.test(line) && last) last.parts.push(line.slice(1));
    else lines.push({ line: index + 1, parts: [line] });
  }
  return lines.map(({ line, parts }) => ({ line, text: parts.join('') })).filter(({ text: content }) => content.trim() !== '');
}

const PARAM_VALUE = '(?:"[^"]*"|[^";:,]*)';
const CONTENT_LINE = new RegExp(`^([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=${PARAM_VALUE}(?:,${PARAM_VALUE})*)*):(.*)$`, 's');
const PARAM = new RegExp(`;([A-Za-z0-9-]+)=(${PARAM_VALUE}(?:,${PARAM_VALUE})*)`, 'g');

function parseProperty(line: number, text: string): Property | null {
  const [, name, params = '', value = ''] = CONTENT_LINE.exec(text) ?? [];
  if (name === undefined) return null;
  const pairs = [...params.matchAll(PARAM)].map(
    ([, key = '', given = '']) => [key.toUpperCase(), given.replaceAll('"', '')] as const,
  );
  return { line, name: name.toUpperCase(), params: new Map(pairs), value };
}

class Tree {
  readonly problems: CalendarProblem[] = [];
  private readonly roots: Component[] = [];
  private readonly open: Component[] = [];
  private count = 0;

  add(line: number, text: string): void {
    const property = parseProperty(line, text);
    if (!property) this.refuse(line, 'line', text, 'NAME;PARAMETER=value:value');
    else if (property.name === 'BEGIN') this.begin(line, property.value.trim().toUpperCase());
    else if (property.name === 'END') this.end(line, property.value.trim().toUpperCase());
    else this.property(property);
  }

  finish(): Result<Component[], CalendarProblem[]> {
    const unclosed = this.open.at(-1);
    if (unclosed && !this.problems.length) this.refuse(unclosed.line, 'BEGIN', unclosed.name, `END:${unclosed.name} after it`);
    if (!this.roots.length && !this.problems.length) this.problems.push(fileProblem('no VCALENDAR', 'a calendar (.ics)'));
    return this.problems.length ? err(this.problems) : ok(this.roots);
  }

  private begin(line: number, name: string): void {
    const parent = this.open.at(-1);
    if (!parent && name !== 'VCALENDAR') return this.refuse(line, 'BEGIN', name, 'VCALENDAR around everything');
    this.count += 1;
    if (this.open.length >= MAX_DEPTH || this.count > MAX_COMPONENTS)
      return this.refuse(line, 'BEGIN', name, `at most ${MAX_COMPONENTS} components, ${MAX_DEPTH} deep`);
    const component: Component = { line, name, properties: [], components: [] };
    (parent ? parent.components : this.roots).push(component);
    this.open.push(component);
  }

  private end(line: number, name: string): void {
    const component = this.open.pop();
    if (component?.name !== name)
      this.refuse(line, 'END', name, component ? `END:${component.name}` : 'no END without its BEGIN');
  }

  private property(property: Property): void {
    const component = this.open.at(-1);
    if (component) component.properties.push(property);
    else this.refuse(property.line, property.name, property.value, 'BEGIN:VCALENDAR before it');
  }

  private refuse(line: number, field: string, found: string, allowed: string): void {
    this.problems.push({ line, field, found: shownText(found), allowed });
  }
}
