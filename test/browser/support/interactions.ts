import type { Page } from 'playwright-core';
import type { TestServer } from '../../support/server-on.ts';
import type { OpenApp } from './app.ts';

/** What one thing that a person does with a list costs: milliseconds from the input until the next paint. */
export interface Interaction {
  readonly name: string;
  /** The slowest of its inputs; 16 stands for "16 or less", which the browser does not tell apart. */
  readonly ms: number;
}

const least = 16;
const columnHeader = (page: Page, name: string) => page.getByRole('columnheader', { name }).getByRole('button');
const grid = (page: Page) => page.getByRole('grid', { name: 'Recruiting requests' });
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search' });

/** What people do with lists. */
const deeds: readonly (readonly [name: string, run: (page: Page) => Promise<unknown>])[] = [
  ['type into the search', (page) => search(page).pressSequentially('sjef til')],
  [
    'delete the search',
    (page) =>
      search(page)
        .press('Control+a')
        .then(() => search(page).press('Delete')),
  ],
  ['sort by a text', (page) => columnHeader(page, 'Description').click()],
  ['sort the other way', (page) => columnHeader(page, 'Description').click()],
  ['sort by a date', (page) => columnHeader(page, 'Estimated start date').click()],
  [
    'page down, ten times',
    async (page) => {
      await grid(page).focus();
      for (let at = 0; at < 10; at += 1) await page.keyboard.press('PageDown');
    },
  ],
  ['go to the end', (page) => page.keyboard.press('End')],
  ['go to the beginning', (page) => page.keyboard.press('Home')],
  ['open the list of columns', (page) => page.getByRole('button', { name: 'Columns' }).click()],
  ['show another column', (page) => page.getByRole('menuitemcheckbox', { name: 'Hiring manager' }).click()],
  ['close the list of columns', (page) => page.keyboard.press('Escape')],
  [
    'export all rows',
    (page) => Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export as CSV' }).click()]),
  ],
];

/** Measures every deed on the list of recruiting requests, after filling it up to so many rows. */
export async function measureInteractions(
  app: OpenApp,
  rows: number,
): Promise<{ readonly rows: number; readonly interactions: readonly Interaction[] }> {
  await fill(app.server, rows);
  const { context, page, goTo } = await app.open({ language: 'en', theme: 'light', width: 1440 });
  page.setDefaultTimeout(60_000);
  await goTo('/recruiting/requests');
  await grid(page).getByRole('link').first().waitFor();
  await page.evaluate(
    `globalThis.durations = [];
     new PerformanceObserver((list) => {
       for (const { interactionId, duration } of list.getEntries()) if (interactionId > 0) durations.push(duration);
     }).observe({ type: 'event', durationThreshold: ${least} });`,
  );
  const interactions: Interaction[] = [];
  for (const [name, run] of deeds) {
    await page.evaluate('durations.length = 0');
    await run(page);
    // Entries come after the paint that ends them.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done, 150)))');
    interactions.push({ name, ms: Math.max(least, ...(await page.evaluate<number[]>('durations'))) });
  }
  const shown = Number(await grid(page).getAttribute('aria-rowcount')) - 1;
  await context.close();
  return { rows: shown, interactions };
}

const together = 20;

async function fill(server: TestServer, rows: number): Promise<void> {
  const set = 'mshr_hcmrecruitingrequestentities';
  const answer = await server.api(`${set}?$select=mshr_status&$count=true&$top=1`, { as: 'admin' });
  let missing = rows - Number((answer.json() as { '@odata.count': number })['@odata.count']);
  const body = (at: number) => ({
    ...{ mshr_jobid: 'Project Manager', mshr_description: `Forespørsel nummer ${at}`, mshr_dataareaid: 'usmf' },
    mshr_estimatedstartdate: `20${31 + (at % 9)}-0${1 + (at % 9)}-1${at % 9}`,
  });
  while (missing > 0) {
    const made = Array.from({ length: Math.min(together, missing) }, (_, at) =>
      server.api(set, { as: 'admin', method: 'POST', body: body(missing - at) }),
    );
    for (const { status, text } of await Promise.all(made)) {
      if (status !== 204) throw new Error(`a request was not made: ${status} ${text}`);
    }
    missing -= together;
  }
}
