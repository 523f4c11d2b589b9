import { expect, test } from '../fixtures/board-test.js';
import { AXE_TIMEOUT_MS, barriers, THEMES, wear } from '../fixtures/accessibility.js';

test.setTimeout(AXE_TIMEOUT_MS);

for (const theme of THEMES) {
  test(`the wall, its panel and its help have no barriers in the ${theme} theme`, async ({ page, feed }) => {
    await wear(page, theme);
    await page.goto(`${feed.url}/`);
    await expect(page.locator('.tile').first()).toBeVisible();
    expect(await barriers(page)).toEqual([]);
    await page.locator('.tile').first().click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await barriers(page, '.panel')).toEqual([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await barriers(page, '.help')).toEqual([]);
  });
}
