import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { NOTICE_TYPES, URGENT_NOTICE_TYPES } from '../../src/common/notice-types.js';
import { DEFAULT_THRESHOLDS } from '../../src/common/quality.js';
import { REASONS } from '../../src/common/reasons.js';
import { COLUMN_NAMES } from '../../src/inventory/columns.js';
import { PROBE_KINDS } from '../../src/probes/contract.js';
import { VECTORS } from '../../src/protocols/h323/testing/vectors.js';

/** What users look up by name must stand in the README, whoever adds to it. */
describe('README.md', () => {
  const readme = readFileSync('README.md', 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('|'));

  it.each(PROBE_KINDS)('tells of the probe %s', (kind) => {
    expect(rows.some((row) => row.startsWith(`| \`${kind}\` |`))).toBe(true);
  });

  it.each(REASONS)('explains the reason %s', (reason) => {
    expect(rows.some((row) => row.split('|')[1]?.includes(`\`${reason}\``))).toBe(true);
  });

  it.each(NOTICE_TYPES)('says when there is a notice %s', (type) => {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${type}\``)) ?? '';
    const [, , , sent = ''] = row.split('|');
    expect(sent.trim()).toBe(
      type === 'incident.changed' ? 'after settling' : URGENT_NOTICE_TYPES.includes(type) ? 'at once' : 'digest',
    );
  });

  it.each(Object.entries(DEFAULT_THRESHOLDS))('tells the threshold %s with its source', (figure, { value, source }) => {
    const row = rows.find((line) => line.startsWith(`| \`${figure}\``)) ?? '';
    expect(row.split('|').slice(2, 4)).toEqual([` ${value} `, ` ${source} `]);
  });

  it.each(Object.entries(COLUMN_NAMES))('names the column %s and its other headers', (column, [, ...aliases]) => {
    const row = rows.find((line) => line.split('|')[1]?.includes(`\`${column}\``)) ?? '';
    const listed = (row.split('|')[2] ?? '').split(',').map((name) => name.trim());
    for (const alias of aliases) expect(listed).toContain(alias);
  });

  it.each([
    ['H323Plus 1.28', 'h323plus-'],
    ['Asterisk, ooh323c', 'ooh323c-'],
    ['minimal caller', 'minimal-caller-'],
    ['GNU Gatekeeper 5.15', 'gnugk-'],
  ])('counts the messages that were captured of %s', (stack, prefix) => {
    const row = rows.find((line) => line.startsWith(`| ${stack} |`)) ?? '';
    expect(row.split('|')[2]?.trim()).toBe(String(VECTORS.filter(({ name }) => name.startsWith(prefix)).length));
  });
});
