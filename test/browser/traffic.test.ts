import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../support/process.ts';
import { type Look, type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { faultsOf } from './support/look.ts';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app?.close());

const requests = 'mshr_hcmrecruitingrequestentities';

/** What the page must show: something allowed, and a refusal of either gate. */
async function makeTraffic(): Promise<void> {
  await app.server.api(`${requests}?$top=1`);
  await app.server.api(requests, { as: 'roleless' });
  await app.server.api(requests, { as: 'unlinked' });
}

const looks: readonly Look[] = [
  { language: 'nb', theme: 'dark', width: 390 },
  { language: 'en', theme: 'light', width: 1440 },
];

describe.each(looks)('live traffic in $language, $theme, $width px wide', (look) => {
  let opened: OpenPage;
  let page: Page;
  beforeAll(async () => {
    opened = await app.open(look, 'readOnly');
    page = opened.page;
    await opened.goTo('/traffic');
    // The stream has begun when a request that came afterwards is there.
    const row = page.getByText('2 · application-link').first();
    for (let attempt = 0; attempt < 20 && !(await row.isVisible()); attempt++) {
      await makeTraffic();
      await row.waitFor({ timeout: 1500 }).catch(() => undefined);
    }
    // It may have begun between the requests of one attempt: only of the next one the page sees all.
    await makeTraffic();
  });
  afterAll(() => opened?.context.close());

  test('an operator who only reads sees requests as they come, and who refused them', async () => {
    // A table, or on a phone rows one under the other.
    const main = page.getByRole('main');
    for (const text of ['GET mshr_hcmrecruitingrequestentity', '403 0x80042f09', '1 · roles', '2 · application-link']) {
      await main.getByText(text).first().waitFor();
    }
    const counts = await page.locator('section dd').allTextContents();
    expect(counts.slice(0, 2).every((count) => Number(count) >= 1)).toBe(true);
  });

  test('two charts draw lines, and say in words what they show', async () => {
    // A line is between two rates, which come every two seconds; the words are of the newest, whenever the page gets to it.
    const going = setInterval(() => void makeTraffic().catch(() => undefined), 500);
    const chart = page.getByRole('img', { name: /: (?:All|Alle) (?:0[.,])?[1-9]/ });
    await chart.waitFor();
    await page.waitForTimeout(2500);
    await chart.waitFor();
    clearInterval(going);
    const drawn = await page.evaluate<number[]>(`[...document.querySelectorAll('figure canvas')].map((canvas) => {
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let coloured = 0;
      for (let at = 0; at < data.length; at += 4) {
        const channels = [...data.subarray(at, at + 3)];
        if (data[at + 3] > 0 && Math.max(...channels) - Math.min(...channels) > 80) coloured += 1;
      }
      return coloured;
    })`);
    // Axes and words are grey; lines are not.
    expect(drawn).toHaveLength(2);
    for (const coloured of drawn) expect(coloured).toBeGreaterThan(20);
  });

  test('paused, nothing more comes', async () => {
    await page.getByRole('button', { name: look.language === 'nb' ? 'Stans' : 'Pause', exact: true }).click();
    const rows = () => page.getByText('2 · application-link').count();
    expect(await rows()).toBeGreaterThan(0);
    const before = await rows();
    await makeTraffic();
    await new Promise((resolve) => setTimeout(resolve, 800));
    expect(await rows()).toBe(before);
  });

  test('nothing is cut off, covered or untranslated, and axe finds no barrier', async () => {
    const folder = join(root, 'screenshots', 'traffic');
    await mkdir(folder, { recursive: true });
    const height = await page.evaluate<number>('document.querySelector("main").scrollHeight + 60');
    await page.setViewportSize({ width: look.width, height: Math.min(height, 4000) });
    await page.screenshot({ path: join(folder, `${look.language}-${look.theme}-${look.width}.png`) });
    expect([...(await faultsOf(page, look.language)), ...opened.faults]).toEqual([]);
  });
});

test('who only recruits is not told, by the page nor by its address', async () => {
  const { page, context, goTo } = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'recruiting');
  await goTo('/');
  expect(await page.getByRole('navigation').getByRole('link').allTextContents()).not.toContain('Live traffic');
  const status = await page.evaluate<number>(`(async () => {
    const { csrfToken } = await (await fetch('/portvakt/v1/session')).json();
    return (await fetch('/portvakt/v1/traffic', { headers: { 'X-Portvakt-CSRF': csrfToken } })).status;
  })()`);
  expect(status).toBe(403);
  const without = await page.evaluate<number>(`fetch('/portvakt/v1/traffic').then(({ status }) => status)`);
  expect(without).toBe(403);
  await context.close();
});
