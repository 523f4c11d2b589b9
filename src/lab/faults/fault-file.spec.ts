import { readFileSync } from 'node:fs';
import { endpointsFromCsv } from '../endpoints/endpoint-list.js';
import { FAULT_NAMES } from './fault.js';
import { parseFaultBody, parseFaultFile, selects } from './fault-file.js';

const errorsOf = (text: string): string[] => {
  const parsed = parseFaultFile(text, 'faults.yml');
  return parsed.ok ? [] : parsed.error;
};

describe('parseFaultFile', () => {
  test('fills in what a fault needs', () => {
    const parsed = parseFaultFile('faults: [{ on: { codes: [a] }, is: [{ fault: lossy, heardRatio: 0.2 }] }]', 'faults.yml');
    expect(parsed).toEqual({
      ok: true,
      value: { seed: 1, faults: [{ on: { codes: ['a'] }, is: [{ fault: 'lossy', sentRatio: 0.08, heardRatio: 0.2 }] }] },
    });
  });

  test('an empty file is a plan without faults', () => {
    expect(parseFaultFile('', 'faults.yml')).toEqual({ ok: true, value: { seed: 1, faults: [] } });
  });

  test.each([
    ['{', ['faults.yml: not YAML: Flow map must end with a } at line 1, column 2:']],
    ['seed: x', ['faults.yml: seed: found "x", allowed: number']],
    ['fault: []', ['faults.yml: the whole: unknown key "fault"']],
    [
      'faults: [{ on: { codes: [a] }, is: [{ fault: bussy }] }]',
      [`faults.yml: faults[0].is[0].fault: found "bussy", allowed: one of ${FAULT_NAMES.join(', ')}`],
    ],
    [
      'faults: [{ on: { codes: [a] }, is: [{ fault: lossy, sentRatio: 1.5 }] }]',
      ['faults.yml: faults[0].is[0].sentRatio: found 1.5, allowed: at most 1'],
    ],
    [
      'faults: [{ on: { codes: [a] }, is: [{ fault: slow, mediaMs: -1, delayMs: 3 }] }]',
      [
        'faults.yml: faults[0].is[0].mediaMs: found -1, allowed: at least 0',
        'faults.yml: faults[0].is[0]: unknown key "delayMs"',
      ],
    ],
    ['faults: [{ on: { codes: [a] }, is: [] }]', ['faults.yml: faults[0].is: found [], allowed: at least 1']],
    [
      'faults: [{ on: {}, is: [{ fault: busy }] }]',
      ['faults.yml: faults[0].on: needs at least one of codes, addresses, areas, carriers, tiers'],
    ],
    [
      'faults: [{ on: { tiers: [village] }, is: [{ fault: busy }] }]',
      ['faults.yml: faults[0].on.tiers[0]: found "village", allowed: one of central, province, commune, ward'],
    ],
    [
      'faults: [{ on: { codes: [a] }, is: [{ fault: busy, schedule: { for: 9, every: 8 } }] }]',
      ['faults.yml: faults[0].is[0].schedule.every: must be longer than `for`, else the fault never goes away'],
    ],
    [
      'faults: [{ on: { codes: [a] }, is: [{ fault: hang-up, afterS: 0 }] }]',
      ['faults.yml: faults[0].is[0].afterS: found 0, allowed: more than 0'],
    ],
  ])('%s', (text, messages) => {
    expect(errorsOf(text)).toEqual(messages);
  });
});

test('a body of the control is checked the same way', () => {
  expect(parseFaultBody({ faults: [{ fault: 'hang-up' }] })).toEqual({ ok: true, value: [{ fault: 'hang-up', afterS: 3 }] });
  expect(parseFaultBody([])).toEqual({ ok: false, error: ['the whole: found [], allowed: object'] });
});

describe('selects', () => {
  const endpoint = { code: '1', address: '127.20.0.1', area: 'Thanh Sơn', carrier: 'VNPT', tier: 'commune' };

  test.each([
    [{ codes: ['0', '1'] }, true],
    [{ areas: ['Thanh Sơn'], carriers: ['Viettel'] }, false],
    [{ areas: ['Thanh Sơn'], carriers: ['Viettel', 'VNPT'] }, true],
    [{ addresses: ['127.20.0.2'] }, false],
    [{ tiers: ['commune' as const] }, true],
  ])('%j', (selector, expected) => {
    expect(selects(selector, endpoint)).toBe(expected);
  });
});

describe('the shipped morning', () => {
  const shipped = (name: string): string => readFileSync(new URL(`../../../config/${name}`, import.meta.url), 'utf8');
  const plan = parseFaultFile(shipped('lab-faults.yml'), 'config/lab-faults.yml');
  const endpoints = endpointsFromCsv(shipped('inventory.example.csv'), 'config/inventory.example.csv');

  test('both files are good', () => {
    expect([plan.ok ? [] : plan.error, endpoints.ok ? [] : endpoints.error]).toEqual([[], []]);
  });

  test('each entry is aimed at somebody, and most of the sites are well', () => {
    const entries = plan.ok ? plan.value.faults : [];
    const rooms = endpoints.ok ? endpoints.value : [];
    expect(entries.filter(({ on }) => !rooms.some((room) => selects(on, room)))).toEqual([]);
    const faulty = rooms.filter((room) => entries.some(({ on }) => selects(on, room)));
    expect(faulty.length).toBeGreaterThan(15);
    expect(faulty.length).toBeLessThan(rooms.length / 5);
  });
});
