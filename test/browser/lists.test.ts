import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizes } from '../prove/sizes.ts';
import { type OpenApp, openApp } from './support/app.ts';
import { measureInteractions } from './support/interactions.ts';
import { lookAtState } from './support/states.ts';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app?.close());

describe('what stands where content would', () => {
  const { names, share } = sizes.screenStates.test;
  test.each(names)(
    'screens say that they are %s',
    async (name) => expect(await lookAtState(app, name, share)).toEqual([]),
    60_000,
  );
});

test('a file has all rows that match, those too that the list does not hold', async () => {
  const { context, page, goTo } = await app.open({ language: 'en', theme: 'light', width: 1440 });
  await goTo('/');
  const [pages, ofPage] = [9, 2500];
  await page.route(/mshr_hcmrecruitingrequestentities\?/, async (route) => {
    const at = Number(/page=(\d+)/.exec(route.request().url())?.[1] ?? 0);
    const value = Array.from({ length: ofPage }, (_, row) => ({
      mshr_hcmrecruitingrequestentityid: `${at}-${row}`,
      mshr_recruitingrequestid: `R-${at * ofPage + row}`,
      mshr_description: row % 2 === 0 ? 'even' : 'odd',
      mshr_status: 200_000_005,
      mshr_estimatedstartdate: '2031-01-01T00:00:00Z',
    }));
    const link = `${app.server.url}/api/data/v9.2/mshr_hcmrecruitingrequestentities?page=${at + 1}`;
    await route.fulfill({ json: { value, ...(at + 1 < pages ? { '@odata.nextLink': link } : {}) } });
  });
  await goTo('/recruiting/requests');
  await page.getByText('Only the first 20,000 rows are shown.', { exact: false }).waitFor();
  await page.getByRole('searchbox', { name: 'Search' }).fill('even');
  await page.getByText('10,000 of 20,000 rows').waitFor();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export as CSV' }).click(),
  ]);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n').slice(1);
  expect(lines).toHaveLength((pages * ofPage) / 2);
  expect(lines.at(-1)).toContain(`"R-${pages * ofPage - 2}","even"`);
  await context.close();
}, 60_000);

test('what people do with a long list is measured', async () => {
  const { rows, interactions } = await measureInteractions(app, sizes.interactionRows.test);
  expect(rows).toBe(sizes.interactionRows.test);
  expect(interactions.length).toBeGreaterThan(8);
  // No time is asserted: it depends on the machine. `npm run prove interactions` prints them.
  expect(interactions.filter(({ ms }) => !(ms >= 16))).toEqual([]);
}, 60_000);
