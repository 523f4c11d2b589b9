import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  addSummaries,
  allSkipped,
  emptySummary,
  summarizeJest,
  summarizePlaywright,
  summaryLine,
} from '../../config/test-summary.mjs';

/** The reports are made by the real runners, so that a new version of them that writes otherwise is noticed. */
let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'summary-'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(project, 'node_modules'));
});
afterAll(() => rmSync(project, { recursive: true }));

const write = (files: Record<string, string>): void => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(project, name), content);
};

function report(file: string, args: string[]): unknown {
  const path = join(project, file);
  rmSync(path, { force: true });
  // Playwright refuses to run where it finds itself inside jest
  const { JEST_WORKER_ID: _, ...outer } = process.env;
  const env = { ...outer, PLAYWRIGHT_JSON_OUTPUT_FILE: path };
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, env, encoding: 'utf8' });
  if (!existsSync(path)) throw new Error(`no report: ${stdout} ${stderr}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

describe(summarizeJest, () => {
  it('counts what passed, failed and was skipped, and a suite that did not load as one failure', () => {
    write({
      'package.json': '{}',
      'jest.config.cjs': 'module.exports = { testMatch: ["**/*.jest.js"] };',
      'a.jest.js': `
        describe('site', () => {
          test('one', () => {});
          test('two', () => {});
          test('wrong', () => expect(1).toBe(2));
          test.skip('no camera here', () => {});
          test.todo('later');
        });
        describe.skip('peers', () => { test('calls', () => {}); });`,
      'b.jest.js': 'this is not a program',
      'c.jest.js': "afterAll(() => { throw new Error('left something behind'); }); test('fine', () => {});",
    });
    const summary = summarizeJest(report('jest.json', ['node_modules/jest/bin/jest.js', '--json', '--outputFile=jest.json']));
    expect(summary).toMatchObject({ passed: 3, failed: 3 });
    expect([...summary.skipped].sort()).toEqual(['peers calls', 'site later', 'site no camera here']);
  });
});

describe(summarizePlaywright, () => {
  const playwright = ['node_modules/@playwright/test/cli.js', 'test', '--config', 'pw.config.mjs'];

  beforeAll(() =>
    write({
      'pw.config.mjs': "export default { testMatch: '*.pw.mjs', retries: 1 };",
      'board.pw.mjs': `
        import { expect, test } from '@playwright/test';
        test('shows', () => {});
        test.describe('wall', () => {
          test('wrong', () => expect(1).toBe(2));
          test('lucky', ({}, { retry }) => expect(retry).toBe(1));
          test.skip('no sound here', () => {});
        });`,
    }),
  );

  it('counts a flaky test as failed', () => {
    expect(summarizePlaywright(report('browser.json', [...playwright, '--reporter=list,json']))).toEqual({
      passed: 1,
      failed: 2,
      skipped: ['board.pw.mjs wall no sound here'],
    });
  });

  it('counts a file that did not load', () => {
    write({ 'broken.pw.mjs': 'this is not a program' });
    const summary = summarizePlaywright(report('browser.json', [...playwright, '--reporter=json', 'broken']));
    expect(summary).toMatchObject({ passed: 0, skipped: [] });
    expect(summary.failed).toBeGreaterThan(0);
    rmSync(join(project, 'broken.pw.mjs'));
  });

  it('names every test of a list as skipped', () => {
    expect(allSkipped(report('browser.json', [...playwright, '--list', '--reporter=json'])).skipped).toEqual([
      'board.pw.mjs shows',
      'board.pw.mjs wall wrong',
      'board.pw.mjs wall lucky',
      'board.pw.mjs wall no sound here',
    ]);
  });
});

describe(addSummaries, () => {
  it('sums all runs into the one line that verify ends with', () => {
    const sum = addSummaries([
      { passed: 2, failed: 0, skipped: ['a'] },
      { passed: 3, failed: 1, skipped: ['b', 'c'] },
    ]);
    expect(sum.skipped).toEqual(['a', 'b', 'c']);
    expect(summaryLine(sum)).toBe('5 passed, 1 failed, 3 skipped');
    expect(summaryLine(emptySummary())).toBe('0 passed, 0 failed, 0 skipped');
  });
});
