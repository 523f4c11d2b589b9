/* global window, document, requestAnimationFrame -- in the page */
// The wall in Debian's chromium: 3,500 tiles under 500 changes a second, and how soon 150 sites are seen.
import { chromium } from '@playwright/test';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { median, percentile, row } from './lib/report.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SITES = 3_500;
const CHANGES_PER_SECOND = 500;
const SECONDS = 30;
const WARM_UP_SECONDS = 10;
const PAINT_ROUNDS = 5;
/** Tiles that are waited for: of a painted wall those below the screen are not painted. */
const FIRST_SCREEN = 150;
const FRAME_MS = 1000 / 60;
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--js-flags=--expose-gc'];

async function startServer(sites) {
  const child = fork(join(import.meta.dirname, 'lib/board-server.mjs'), [JSON.stringify([sites])]);
  const [{ url }] = await once(child, 'message');
  return {
    url,
    change: (changesPerSecond) => child.send({ changesPerSecond }),
    async stop() {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}

/** Runs in the page, before anything of it: when were so many tiles first on the screen, as elements or painted? */
function noteTiles(tiles) {
  const painted = () =>
    [...document.querySelectorAll('[data-painted]')].reduce((sum, { dataset }) => sum + Number(dataset.painted), 0);
  const look = () => {
    if (document.querySelectorAll('.tile').length + painted() < tiles) return requestAnimationFrame(look);
    // the frame that holds them is drawn before this one begins
    return requestAnimationFrame(() => (window.tilesSeenMs = performance.now()));
  };
  requestAnimationFrame(look);
}

async function open(browser, server, sites) {
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.addInitScript(noteTiles, Math.min(sites, FIRST_SCREEN));
  await page.goto(server.url);
  await page.waitForFunction(() => window.tilesSeenMs !== undefined, undefined, { timeout: 60_000 });
  return page;
}

async function firstPaintMs(browser) {
  const server = await startServer(150);
  const seenMs = [];
  for (let round = 0; round < PAINT_ROUNDS; round++) {
    const page = await open(browser, server, 150);
    seenMs.push(await page.evaluate(() => window.tilesSeenMs));
    await page.close();
  }
  await server.stop();
  return median(seenMs);
}

const heapMb = async (devtools) => {
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize / 2 ** 20;
};

const frames = (page, seconds) =>
  page.evaluate(
    (forMs) =>
      new Promise((resolve) => {
        const gaps = [];
        const startMs = performance.now();
        let lastMs = startMs;
        const next = (nowMs) => {
          gaps.push(nowMs - lastMs);
          lastMs = nowMs;
          if (nowMs - startMs < forMs) requestAnimationFrame(next);
          else resolve(gaps.slice(1));
        };
        requestAnimationFrame(next);
      }),
    seconds * 1000,
  );

/** CPU of the page's main thread so far, in ms of that thread: what stays the same on a busy machine. */
async function mainThreadMs(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
}

async function underChanges(browser) {
  const server = await startServer(SITES);
  const page = await open(browser, server, SITES);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  const idle = await frames(page, 5);
  server.change(CHANGES_PER_SECOND);
  await sleep(WARM_UP_SECONDS * 1000);
  const beforeMb = await heapMb(devtools);
  const cpuBefore = await mainThreadMs(devtools);
  const gaps = await frames(page, SECONDS);
  const cpuMs = (await mainThreadMs(devtools)) - cpuBefore;
  const afterMb = await heapMb(devtools);
  server.change(0);
  await page.close();
  await server.stop();
  return { idle, gaps, cpuMs, beforeMb, afterMb };
}

function scriptKb() {
  const folder = join(import.meta.dirname, '../../dist/web/assets');
  const html = readFileSync(join(folder, '../index.html'), 'utf8');
  const first = readdirSync(folder).filter((file) => file.endsWith('.js') && html.includes(file));
  return first.reduce((sum, file) => sum + gzipSync(readFileSync(join(folder, file))).length, 0) / 1000;
}

export default async function board() {
  if (!existsSync(CHROMIUM)) return { rows: [], notMeasured: [`everything: no chromium at ${CHROMIUM}`] };
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  const paintMs = await firstPaintMs(browser);
  const { idle, gaps, cpuMs, beforeMb, afterMb } = await underChanges(browser);
  await browser.close();
  const load = `${SITES} tiles, ${CHANGES_PER_SECOND} changes/s`;
  return {
    rows: [
      row({ name: '150 sites: until their tiles are seen', ours: paintMs, unit: 'ms', goal: { most: 1_000 } }),
      row({ name: 'script of the wall, gzip', ours: scriptKb(), unit: 'kB', goal: { most: 120 } }),
      row({ name: `${load}: frame p50`, ours: percentile(gaps, 0.5), unit: 'ms' }),
      row({ name: `${load}: frame p99`, ours: percentile(gaps, 0.99), unit: 'ms', goal: { most: 34 } }),
      row({ name: `${load}: longest frame`, ours: Math.max(...gaps), unit: 'ms' }),
      row({ name: `${load}: CPU of the main thread`, ours: cpuMs / SECONDS, unit: 'ms/s' }),
      row({ name: `${SITES} tiles, nothing changes: frame p99`, ours: percentile(idle, 0.99), unit: 'ms' }),
      row({ name: `${load}: heap growth in ${SECONDS} s`, ours: afterMb - beforeMb, unit: 'MB', goal: { most: 5 } }),
    ],
    notMeasured: [
      'a graphics card: headless chromium draws with the processor, on the cores that also make the changes',
      `frames shorter than the screen's ${FRAME_MS.toFixed(1)} ms: the browser waits for the screen`,
    ],
  };
}
