import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { controlsOf } from './support/controls.ts';

type Row = Readonly<Record<string, unknown>>;

let app: OpenApp;
let opened: OpenPage;
let page: Page;
beforeAll(async () => {
  app = await openApp();
  opened = await app.open({ language: 'en', theme: 'light', width: 1440 });
  page = opened.page;
});
afterAll(() => app?.close());

const { button, heading } = controlsOf(() => page);
const titles = '/browse/mshr_hcmtitleentity';

/** Rows of a table as the administrator sees them. */
async function rowsOf(path: string): Promise<readonly Row[]> {
  const answer = await app.server.api(path.replaceAll(' ', '%20'), { as: 'admin' });
  return (answer.json() as { value: readonly Row[] }).value;
}

/** A title of a name, made behind the page's back. */
async function makeTitle(name: string): Promise<string> {
  const headers = { prefer: 'return=representation' };
  const body = { mshr_titleid: name };
  const made = await app.server.api('mshr_hcmtitleentities', { as: 'admin', method: 'POST', body, headers });
  return String((made.json() as Row)['mshr_hcmtitleentityid']);
}

describe('the data browser', () => {
  test('a filter is put together, and stands as URL and curl line, which does the same', async () => {
    await opened.goTo('/browse');
    await page.getByRole('searchbox', { name: 'Search' }).fill('recruitingrequestentity');
    await page.getByRole('link', { name: 'Recruiting request (mshr)', exact: true }).click();
    await heading('Recruiting request (mshr)');
    await button('Add a condition').click();
    await page.getByRole('combobox', { name: 'Column' }).selectOption({ label: 'Status' });
    await page.getByRole('combobox', { name: 'Value' }).selectOption({ label: 'Active' });
    await button('Add a condition').click();
    await page.getByRole('combobox', { name: 'Column' }).nth(1).selectOption({ label: 'Description' });
    await page.getByRole('combobox', { name: 'Condition', exact: true }).nth(1).selectOption({ label: 'contains' });
    await page.getByRole('textbox', { name: 'Value' }).fill('sjef\'s "%');
    await button('Apply the filter').click();
    await page.getByText('Nothing found.').waitFor();
    await page.getByRole('textbox', { name: 'Value' }).fill('sjef');
    await button('Apply the filter').click();
    await page.getByRole('columnheader', { name: 'Recruiting Request ID' }).getByRole('button').click();
    await page.getByRole('columnheader', { name: 'Recruiting Request ID' }).getByRole('button').click();
    await page
      .getByRole('status')
      .filter({ hasText: /of \d+ rows/ })
      .waitFor();

    const where = "mshr_status eq 200000005 and contains(mshr_description,'sjef')";
    const expected = await rowsOf(
      `mshr_hcmrecruitingrequestentities?$filter=${where}&$orderby=mshr_recruitingrequestid desc`,
    );
    const ids = expected.map((row) => String(row['mshr_recruitingrequestid']));
    expect(ids.length).toBeGreaterThan(2);
    await expect
      .poll(() => page.getByRole('grid').getByRole('link').allTextContents())
      .toEqual(ids.slice(0, await page.getByRole('grid').getByRole('link').count()));
    await page.getByText(`1–${ids.length} of ${ids.length} rows`).waitFor();

    const url = await page.locator('dt:has-text("OData URL") + dd code').textContent();
    expect(decodeURIComponent(url ?? '')).toContain(`$filter=${where}&$orderby=mshr_recruitingrequestid desc`);
    const curl = await page.locator('dt:has-text("curl") + dd code').textContent();
    const env = {
      ...process.env,
      TOKEN: await app.server.token('admin'),
      CURL_CA_BUNDLE: join(app.server.dataFolder, 'tls', 'ca.pem'),
    };
    const { stdout } = await promisify(execFile)('bash', ['-c', `${curl} -sS`], { env });
    const { value } = JSON.parse(stdout) as { value: readonly Row[] };
    expect(value.map((row) => row['mshr_recruitingrequestid'])).toEqual(ids);
    // What was put together stands in the page's address.
    await page.reload();
    await page.getByText(`1–${ids.length} of ${ids.length} rows`).waitFor();
  });

  test('a table is paged, and its export holds the rows of all pages, none of them as a formula', async () => {
    await makeTitle('=1+1');
    for (let at = 0; at < 110; at += 10) {
      await Promise.all(Array.from({ length: 10 }, (_, more) => makeTitle(`Tittel ${at + more}`)));
    }
    const all = await rowsOf('mshr_hcmtitleentities?$select=mshr_titleid');
    await opened.goTo(titles);
    await page.getByText(`1–100 of ${all.length} rows`).waitFor();
    await button('Next page').click();
    await page.getByText(`101–${Math.min(200, all.length)} of ${all.length} rows`).waitFor();
    await button('Previous page').click();
    await page.getByText(`1–100 of ${all.length} rows`).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Export as CSV').click()]);
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n');
    expect(lines).toHaveLength(all.length + 1);
    expect(lines).toContain(`"'=1+1"`);
  });

  test('columns are picked', async () => {
    await opened.goTo('/browse/mshr_hcmjobentity');
    await button('Columns').click();
    await page.getByRole('checkbox', { name: '(mshr_functionid)' }).check();
    await button('OK').click();
    await page.getByRole('columnheader', { name: 'Function ID' }).waitFor();
  });

  test('a row is made; what is wrong stands at the field', async () => {
    await opened.goTo('/browse/mshr_hcmjobentity');
    await page.getByRole('link', { name: 'New row' }).click();
    await heading('New row: Jobs (mshr)');
    const job = page.getByRole('textbox', { name: /^Job ID/ });
    await job.fill('x'.repeat(30));
    await button('Save').click();
    await page.getByText('Job ID can have at most 25 characters. You typed 30.').waitFor();
    await job.fill('Gartner');
    await page.getByRole('textbox', { name: /^Title ID/ }).fill('Ingen slik');
    for (const name of await page.getByRole('textbox', { name: /must be filled in/ }).all()) {
      if ((await name.inputValue()) === '') await name.fill('Gartner');
    }
    await button('Save').click();
    // The server's own words, where it names the field by its label.
    const wrong = page.locator('.fui-Field').filter({ has: page.getByRole('textbox', { name: /^Title ID/ }) });
    await wrong.getByText("The value 'Ingen slik' in field 'Title ID' is not found").waitFor();
    await page.getByRole('textbox', { name: /^Title ID/ }).fill('');
    await button('Save').click();
    await heading('Gartner');
    expect(await rowsOf("mshr_hcmjobentities?$filter=mshr_jobid eq 'Gartner'")).toHaveLength(1);
  });

  test('a row that somebody else has changed is a choice: theirs is taken, or mine is kept', async () => {
    const [row] = await rowsOf("mshr_hcmjobentities?$filter=mshr_jobid eq 'Gartner'");
    const id = String(row?.['mshr_hcmjobentityid']);
    const change = (description: string) =>
      app.server.api(`mshr_hcmjobentities(${id})`, {
        ...{ as: 'admin', method: 'PATCH', body: { mshr_description: description } },
      });
    const description = page.getByRole('textbox', { name: /^Description/ });
    await opened.goTo(`/browse/mshr_hcmjobentity/${id}`);
    await description.fill('Mine');
    await change('Deres');
    await button('Save').click();
    await button('Reload, drop my changes').click();
    await expect.poll(() => description.inputValue()).toBe('Deres');
    await description.fill('Mine');
    await change('Deres igjen');
    await button('Save').click();
    await button('Show the differences').click();
    await page.getByRole('cell', { name: 'Deres igjen' }).waitFor();
    await button('Save mine over it').click();
    await page.getByText('Saved.').first().waitFor();
    expect(await rowsOf(`mshr_hcmjobentities?$filter=mshr_hcmjobentityid eq ${id}`)).toMatchObject([
      { mshr_description: 'Mine' },
    ]);
  });

  test('a row is deleted after a question, and after another one where it has changed meanwhile', async () => {
    const id = await makeTitle('Skal bort');
    await opened.goTo(`${titles}/${id}`);
    await heading('Skal bort');
    await button('Delete').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await heading('Titles (mshr)');
    expect(await rowsOf(`mshr_hcmtitleentities?$filter=mshr_hcmtitleentityid eq ${id}`)).toEqual([]);

    const [job] = await rowsOf("mshr_hcmjobentities?$filter=mshr_jobid eq 'Gartner'");
    const jobId = String(job?.['mshr_hcmjobentityid']);
    await opened.goTo(`/browse/mshr_hcmjobentity/${jobId}`);
    await heading('Gartner');
    const body = { mshr_description: 'Endret' };
    await app.server.api(`mshr_hcmjobentities(${jobId})`, { as: 'admin', method: 'PATCH', body });
    await button('Delete').click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('Someone else has changed the row. Delete it all the same?').waitFor();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
    await heading('Jobs (mshr)');
    expect(await rowsOf("mshr_hcmjobentities?$filter=mshr_jobid eq 'Gartner'")).toEqual([]);
  });

  test('tables that the platform keeps are read, and offer nothing else', async () => {
    await opened.goTo('/browse/privilege');
    await page.getByRole('grid').getByRole('link').first().click();
    await page.getByRole('heading', { name: 'Not changed here' }).waitFor();
    expect(await page.locator('main').getByRole('textbox').count()).toBe(0);
    expect(await button('Delete').count()).toBe(0);
  });

  test('nothing of all this was refused by the policy of the page, or thrown', () => {
    // The browser tells of answers of 400 and 412 too: the value that is not found, the row that somebody else had changed.
    expect(opened.faults.filter((fault) => !/status of 4(00|12)/.test(fault))).toEqual([]);
  });
});

test('who may only read looks at rows and is offered no change', async () => {
  const reader = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'readOnly');
  await reader.goTo(titles);
  await reader.page.getByRole('grid').getByRole('link').first().waitFor();
  expect(await reader.page.getByRole('link', { name: 'New row' }).count()).toBe(0);
  await reader.page.getByRole('grid').getByRole('link').first().click();
  await reader.page.getByRole('heading', { name: 'Not changed here' }).waitFor();
  expect(await reader.page.getByRole('button', { name: /Save|Delete/ }).count()).toBe(0);
  await reader.context.close();
});
