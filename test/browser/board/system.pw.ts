import { barriers, THEMES, wear } from '../fixtures/accessibility.js';
import { expect, test } from '../fixtures/board-test.js';

const AT = new Date().toISOString();
const report = (at: string) => ({
  ...{ at, version: '1.2.3', node: 'v20.0.0', vantage: 'province' },
  core: { startedAt: AT, loopLagP99Ms: 1.4, memoryBytes: 120e6, feedClients: 3 },
  prober: { status: 'restarting', pid: null, upSince: null, restarts: 4, figures: null },
  spool: { waiting: null, sizeBytes: 2e6, dropped: { disk: 12 }, waitingInCore: 0, setAside: 0 },
  database: { up: false, writer: true, lastError: 'connection refused', figures: null },
  clock: { steps: null, discipline: { synchronised: false, offsetMs: 0, maxErrorMs: 16_000 } },
  doubt: { since: AT, why: 'references', targets: ['10.0.0.1'] },
  references: ['10.0.0.1'],
  notices: {
    ...{ unstored: 2, dropped: 0 },
    receivers: [
      {
        ...{ name: 'zalo', kind: 'webhook', waiting: 5, overdueSeconds: 900, sent: 10, dead: 1, attemptsFailed: 7 },
        lastError: 'HTTP 503',
      },
    ],
  },
  settings: [{ name: 'probes.icmp.intervalSeconds', value: '30' }],
});

test('a monitor that is not well says so in sentences, and never shows a figure that nobody knows', async ({ page, feed }) => {
  await page.route('**/api/v1/monitor/self', (route) => route.fulfill({ json: report(new Date().toISOString()) }));
  await page.goto(`${feed.url}/system`);
  const verdict = page.getByRole('status').filter({ hasText: 'Bộ đo không chạy' });
  await expect(verdict.getByRole('listitem')).toHaveCount(6);
  await expect(page.getByRole('region', { name: 'Cơ sở dữ liệu' })).toContainText('connection refused');
  await expect(page.getByRole('region', { name: 'Bộ đo' })).toContainText('Đang kiểm trachưa biết');
  await expect(page.getByRole('row').filter({ hasText: 'zalo' })).toContainText('HTTP 503');
  for (const theme of THEMES) {
    await wear(page, theme);
    expect(await barriers(page, 'main')).toEqual([]);
  }
});

test('all calls are stopped by name only after a question, and the page says who did it', async ({ page, feed }) => {
  await page.route('**/api/v1/monitor/self', (route) => route.fulfill({ json: report(AT) }));
  const bodies: unknown[] = [];
  await page.route('**/api/v1/monitor/stop', async (route) => {
    bodies.push(route.request().postDataJSON());
    const stop = { level: 'calls' as const, by: 'Lan', note: 'giao ban', since: AT };
    feed.setMonitor({ calls: 'stopped', stop });
    await route.fulfill({ json: feed.monitor });
  });
  await page.goto(`${feed.url}/system`);
  const stop = page.getByRole('button', { name: 'Dừng mọi cuộc gọi thử' });
  await stop.click();
  await page.getByRole('button', { name: 'Để nguyên' }).click();
  expect(bodies).toEqual([]);
  await stop.click();
  await page.getByLabel('Người thực hiện').fill('Lan');
  await page.getByLabel('Lý do').fill('giao ban');
  await page.keyboard.press('Enter');
  await expect(page.getByText(/^Lan đã dừng mọi cuộc gọi thử từ .* giao ban$/)).toBeVisible();
  expect(bodies).toEqual([{ by: 'Lan', note: 'giao ban', everything: false }]);
});
