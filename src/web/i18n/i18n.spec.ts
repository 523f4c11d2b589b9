import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { en } from './en.js';
import { locale, t } from './index.js';
import { vi } from './vi.js';

const ROOT = join(import.meta.dirname, '..');
const SPOKEN_ATTRIBUTES = new Set(['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'label']);
/** Names stay as they are in every language: the product's own. */
const NAMES = new Set(['Thông', 'Suốt']);

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.spec\.tsx?$/.test(path) && !/^(i18n|testing)\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** Literals that an expression of JSX may come to; what is handed to a function, as a key to `t`, is not shown. */
function shownBy(node: ts.Node | undefined): string[] {
  if (!node) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isJsxExpression(node) || ts.isParenthesizedExpression(node)) return shownBy(node.expression);
  if (ts.isConditionalExpression(node)) return [...shownBy(node.whenTrue), ...shownBy(node.whenFalse)];
  if (ts.isBinaryExpression(node)) return isComparison(node) ? [] : [...shownBy(node.left), ...shownBy(node.right)];
  if (ts.isTemplateExpression(node))
    return [node.head.text, ...node.templateSpans.flatMap(({ expression, literal }) => [...shownBy(expression), literal.text])];
  return [];
}

const isComparison = ({ operatorToken: { kind } }: ts.BinaryExpression): boolean =>
  [
    ts.SyntaxKind.EqualsEqualsEqualsToken,
    ts.SyntaxKind.ExclamationEqualsEqualsToken,
    ts.SyntaxKind.InKeyword,
    ts.SyntaxKind.LessThanToken,
    ts.SyntaxKind.GreaterThanToken,
  ].includes(kind);

/** Text that a person would read and that is not taken from a dictionary. */
function literalText(path: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isJsxText(node)) found.push(node.text.trim());
    if (ts.isJsxAttribute(node) && SPOKEN_ATTRIBUTES.has(node.name.getText())) found.push(...shownBy(node.initializer));
    if (ts.isJsxExpression(node) && (ts.isJsxElement(node.parent) || ts.isJsxFragment(node.parent))) found.push(...shownBy(node));
    // A word beyond ASCII letters in a string of code can only be Vietnamese.
    if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && /[À-ỹĐđ]/.test(node.text)) found.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true, path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS));
  return found.filter((word) => /\p{L}/u.test(word) && !NAMES.has(word));
}

const placeholders = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '').sort();

describe('dictionaries', () => {
  it('have the same keys in both languages', () => expect(Object.keys(en).sort()).toEqual(Object.keys(vi).sort()));

  it.each(Object.keys(vi) as (keyof typeof vi)[])('%s fills in the same values in both and is never empty', (key) => {
    expect(placeholders(en[key])).toEqual(placeholders(vi[key]));
    expect([vi[key].trim(), en[key].trim()]).not.toContain('');
    expect(vi[key]).toBe(vi[key].normalize('NFC'));
  });

  it('hold no text that nothing shows', () => {
    const code = sources.map(({ text }) => text).join('\n');
    const unused = Object.keys(vi).filter((key) => {
      const family = key.slice(0, key.lastIndexOf('.'));
      return !code.includes(`'${key}'`) && !code.includes(`\`${family}.\${`);
    });
    expect(unused).toEqual([]);
  });

  it('change what is shown with the language', () => {
    expect(t('progress.total', { total: 150 })).toBe('/150 điểm cầu');
    locale.value = 'en';
    expect(t('progress.total', { total: 150 })).toBe('/150 sites');
    locale.value = 'vi';
  });
});

describe('components', () => {
  it.each(sources)('$path speaks only through the dictionaries', ({ path, text }) => expect(literalText(path, text)).toEqual([]));

  it('would be caught speaking by themselves', () => {
    const guilty = `const a = <p title="Close">Hello {b}</p>; const c = 'đường';
      const d = <p title={e ? 'Open' : t('page.title')} class="x">{e && 'Yes'}{'No'}{\`\${n} sites\`}{t('page.title')}</p>;
      const f = <>{e === 'closed' && t('page.title')}{n + ' min'}</>;`;
    const caught = ['Close', 'Hello', 'đường', 'Open', 'Yes', 'No', ' sites', ' min'];
    expect(literalText('guilty.tsx', guilty)).toEqual(caught);
  });
});
