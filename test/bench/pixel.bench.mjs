/* global window, document, MutationObserver, requestAnimationFrame -- in the page */
// From the end of a probe, as the prober's outcome says it, to the frame in which chromium shows its tile in another state.
import { chromium } from '@playwright/test';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { startDaemon } from './lib/daemon.mjs';
import { percentile, row } from './lib/report.mjs';

const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'];
const ENOUGH = 200;
const AT_MOST_S = 150;

/** Runs in the page: when was each tile drawn in another state? */
function noteTiles() {
  window.drawn = [];
  new MutationObserver((mutations) => {
    const changed = mutations
      .filter(({ target, oldValue }) => target.classList.contains('tile') && target.dataset.state !== oldValue)
      .map(({ target }) => ({ site: target.dataset.site, state: target.dataset.state }));
    // the task behind the next frame: that frame is drawn then
    requestAnimationFrame(() => setTimeout(() => window.drawn.push(...changed.map((one) => ({ ...one, atMs: Date.now() })))));
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-state'], attributeOldValue: true });
}

/** What the feed tells of each site: its states, with the end of the probe behind each; null where time alone made it so. */
function follow(url) {
  const told = new Map();
  const checked = new Map();
  const heardAfterMs = [];
  const socket = io(`${url}/live`, { transports: ['websocket'] });
  const hear = ({ endpoints = [] }) => {
    for (const { siteCode, state, checkedAt } of endpoints) {
      const states = told.get(siteCode) ?? [];
      const endedMs = checkedAt === null || checkedAt === checked.get(siteCode) ? null : Date.parse(checkedAt);
      if (endedMs !== null && told.has(siteCode)) heardAfterMs.push(Date.now() - endedMs);
      if (states[states.length - 1]?.state !== state) states.push({ state, endedMs });
      told.set(siteCode, states);
      checked.set(siteCode, checkedAt);
    }
  };
  socket.on('snapshot', hear);
  socket.on('delta', hear);
  return { told, heardAfterMs, close: () => socket.disconnect() };
}

/** Both sides see the states of a site in the same order; what the page saw before the feed was heard finds no partner. */
function delays(drawn, told) {
  const found = [];
  for (const { site, state, atMs } of drawn) {
    const states = told.get(site) ?? [];
    const index = states.findIndex((one, at) => at > 0 && one.state === state && !one.isTaken);
    if (index < 0) continue;
    states[index].isTaken = true;
    if (states[index].endedMs !== null) found.push(atMs - states[index].endedMs);
  }
  return found;
}

export default async function pixel() {
  if (!existsSync(CHROMIUM)) return { rows: [], notMeasured: [`everything: no chromium at ${CHROMIUM}`] };
  const daemon = await startDaemon();
  const feed = follow(daemon.url);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS });
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  await page.addInitScript(noteTiles);
  await page.goto(daemon.url);
  await page.locator('.tile').first().waitFor();
  for (let waitedS = 0; waitedS < AT_MOST_S; waitedS++) {
    if ((await page.evaluate(() => window.drawn.length)) >= ENOUGH) break;
    await sleep(1_000);
  }
  const sites = await page.locator('.tile').count();
  const found = delays(await page.evaluate(() => window.drawn), feed.told);
  feed.close();
  await browser.close();
  await daemon.stop();
  return {
    rows: [
      row({ name: 'sites on the wall', ours: sites, unit: 'sites' }),
      row({ name: 'tiles that changed their state', ours: found.length, unit: 'changes', goal: { least: 100 } }),
      row({ name: 'end of the probe to the feed at a page: p50', ours: percentile(feed.heardAfterMs, 0.5), unit: 'ms' }),
      row({ name: 'end of the probe to the feed at a page: p99', ours: percentile(feed.heardAfterMs, 0.99), unit: 'ms' }),
      row({ name: 'end of the probe to the drawn tile: p50', ours: percentile(found, 0.5), unit: 'ms' }),
      row({ name: 'end of the probe to the drawn tile: p99', ours: percentile(found, 0.99), unit: 'ms', goal: { most: 500 } }),
      row({ name: 'the longest', ours: Math.max(...found), unit: 'ms' }),
    ],
    notMeasured: ['the screen itself: the time is that of the task behind the frame, in headless chromium'],
  };
}
