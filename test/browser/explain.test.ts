// Why something was refused, whether it would be, who may, and the least that is needed: on pages, with the button that mends it.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp, picture } from './support/app.ts';
import { controlsOf } from './support/controls.ts';

let app: OpenApp;
let opened: OpenPage;
let page: Page;
beforeAll(async () => {
  app = await openApp();
  opened = await app.open({ language: 'en', theme: 'light', width: 1440 });
  page = opened.page;
});
afterEach((context) => picture(page, context));
afterAll(async () => {
  await opened?.context.close();
  await app?.close();
});

const { button, choose } = controlsOf(() => page);
const gate = (text: string): Locator =>
  page
    .getByRole('list', { name: 'The way of the request through both gates' })
    .getByRole('listitem')
    .filter({
      has: page.getByRole('heading', { name: text }),
    });
/** Shows what would change, is left alone, then is carried out. */
const carryOutFirst = async (): Promise<void> => {
  const dialog = page.getByRole('alertdialog');
  await button('Carry out').first().click();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  await dialog.waitFor({ state: 'detached' });
  await button('Carry out').first().click();
  await dialog.getByRole('button', { name: 'Carry out' }).click();
  await page
    .getByText(/^Done: /)
    .first()
    .waitFor();
};

test('a recent denial is picked from the list, seen as a picture, and mended by its first fix', async () => {
  const { api } = app.server;
  const ask = () => api('mshr_hcmcandidatetohireentities?$top=1', { as: 'unlinked' });
  expect((await ask()).status).toBe(400);
  const row = page.getByRole('row').filter({ hasText: 'Demo without link' });
  await expect
    .poll(
      async () => {
        await opened.goTo('/can-i');
        await opened.goTo('/explain');
        await page
          .getByText(/^(\d+ rows?|Nothing was denied\.)$/)
          .first()
          .waitFor();
        return row.count();
      },
      { timeout: 10_000 },
    )
    .toBe(1);
  await row.getByRole('link').click();

  await gate('✓ Gate one: Dataverse').waitFor();
  const second = gate('✕ Gate two: Human Resources');
  await second.getByText('✕ Failed').waitFor();
  expect(await second.getByText('✕ Failed').count()).toBe(1);
  expect(await second.getByText('… Not reached').count()).toBeGreaterThan(3);
  await page.getByText('No rows').waitFor();
  await page.getByText('Failed: The client ID is linked to a Human Resources user').waitFor();
  expect((await ask()).status).toBe(400);
  await carryOutFirst();
  await gate('✓ Gate two: Human Resources').waitFor();
  await page.getByText(/What decides now is not what decided then/).waitFor();
  expect((await ask()).status).toBe(200);
});

test('a reference is pasted; one that is not there says so', async () => {
  await opened.goTo('/explain');
  await page.getByLabel('Reference').fill('00000000-0000-4000-8000-000000000000');
  await button('Explain access').click();
  await page.getByText(/has no request/).waitFor();
  opened.faults.length = 0;
});

test('a question is asked before the call, and mended until the answer is yes', async () => {
  const { api, env } = app.server;
  await opened.goTo('/can-i');
  expect(await button('Ask').isDisabled()).toBe(true);
  await choose(/^App/, 'Demo without role', /Demo without role/);
  await choose(/^Table/, 'mshr_hcmtitleentity', /mshr_hcmtitleentity/);
  await button('Ask').click();
  await page.getByText('It would be refused.').waitFor();
  await gate('✕ Gate one: Dataverse').waitFor();
  expect(page.url()).toContain(`clientId=${env.ROLELESS_CLIENT_ID}`);
  await carryOutFirst();
  // The role lets it through gate one; gate two has its own say.
  await gate('✓ Gate one: Dataverse').waitFor();
  await gate('✕ Gate two: Human Resources').waitFor();
  expect((await api('mshr_hcmtitleentities?$top=1', { as: 'roleless' })).status).toBe(400);
  await carryOutFirst();
  await page.getByText('It would be allowed.').waitFor();
  expect((await api('mshr_hcmtitleentities?$top=1', { as: 'roleless' })).status).toBe(200);
});

test('who may is told with the roles, and who may not leads to what it lacks', async () => {
  await opened.goTo('/who-can');
  await page.getByRole('combobox', { name: 'Right' }).selectOption('create');
  await choose(/^Table/, 'mshr_hcmcandidatetohireentity', /mshr_hcmcandidatetohireentity/);
  await button('Ask').click();
  const row = (name: string) => page.getByRole('row').filter({ hasText: name });
  await row('Demo ATS').getByText('✓ Yes').waitFor();
  await row('Demo ATS').getByText('HcmRecruitingIntegrator').waitFor();
  await row('Demo reader').getByText('A security role has the privilege on the table').waitFor();
  await row('Demo reader').getByRole('link').click();
  await page.getByRole('heading', { name: 'May it?' }).waitFor();
  await gate('✕ Gate one: Dataverse').waitFor();
  await page.getByText('It would be refused.').waitFor();
});

test('the least that an application needs is shown with its proof, and the roles are made', async () => {
  const { api } = app.server;
  expect((await api('mshr_hcmtitleentities?$top=1', { as: 'ats' })).status).toBe(200);
  const roles = async (): Promise<number> =>
    ((await api('roles?$select=name', { as: 'admin' })).json() as { value: unknown[] }).value.length;
  const before = await roles();
  const needed = page.getByRole('cell', { name: 'prvReadmshr_hcmtitleentity', exact: true });
  await expect
    .poll(
      async () => {
        await opened.goTo('/explain');
        await opened.goTo('/advice');
        await page.reload();
        await choose(/^App/, 'Demo ATS', /Demo ATS/);
        await page.getByText('Held and not needed').waitFor();
        return needed.count();
      },
      { timeout: 15_000 },
    )
    .toBe(1);
  await page.getByRole('row').filter({ has: needed }).getByText('read mshr_hcmtitleentity').waitFor();
  await carryOutFirst();
  await expect.poll(roles).toBe(before + 1);
  // Nobody was given it: what the application may is what it was.
  expect((await api('mshr_hcmcandidatetohireentities?$top=1', { as: 'ats' })).status).toBe(200);
});

test('what would break is tried out before a role is changed, and nothing is changed by it', async () => {
  const { api } = app.server;
  await opened.goTo('/simulate');
  expect(await button('Try it out').isDisabled()).toBe(true);
  await choose(/^Role/, 'Rekrutteringsinteg', 'Rekrutteringsintegrasjon');
  await choose(/^It would lose/, 'prvReadmshr_hcmtitle', 'prvReadmshr_hcmtitleentity');
  await choose(/^It would lose/, 'prvReadmshr_hcmskille', 'prvReadmshr_hcmskillentity');
  await button('Let it keep prvReadmshr_hcmskillentity').click();
  await button('Try it out').click();
  const broken = page.getByRole('row').filter({ hasText: 'read mshr_hcmtitleentity' }).filter({ hasText: 'Demo ATS' });
  await broken.getByText('A security role has the privilege on the table').waitFor();
  await page.getByText(/kinds? of requests? that (was|were) allowed would be refused\.$/).waitFor();
  expect(new URL(page.url()).searchParams.getAll('loses')).toEqual(['prvReadmshr_hcmtitleentity']);
  expect((await api('mshr_hcmtitleentities?$top=1')).status).toBe(200);

  await page.getByRole('combobox', { name: 'Kind of role' }).selectOption('human-resources');
  await choose(/^Role/, 'HcmRecruiter', /Recruiter/);
  await page.getByRole('checkbox', { name: 'It would be deleted' }).check();
  await button('Try it out').click();
  await page.getByText('Nothing that was done would be refused.').first().waitFor();
});

test('a trial that fails says so, and is made again', async () => {
  await page.route('**/portvakt/v1/simulate', (route) =>
    route.fulfill({ status: 500, json: { error: { code: 'x' } } }),
  );
  await opened.goTo('/simulate?gate=dataverse&role=System%20Customizer&deleted=true');
  const again = button('Try again');
  await again.waitFor();
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await again.click();
  await page.getByText('Nothing that was done would be refused.').first().waitFor();
  opened.faults.length = 0;
});

test('who may only read is offered no button', async () => {
  const { page: other, goTo, context } = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'readOnly');
  await goTo(`/can-i?right=create&table=mshr_hcmcandidatetohireentity&clientId=${app.server.env.READER_CLIENT_ID}`);
  await other.getByText('It would be refused.').waitFor();
  await other.getByText('Ways to mend it, least privilege first').waitFor();
  expect(await other.getByRole('button', { name: 'Carry out' }).count()).toBe(0);
  // Trying out changes nothing.
  await goTo('/simulate?gate=dataverse&role=System%20Customizer&deleted=true');
  await other.getByText('Nothing that was done would be refused.').first().waitFor();
  await context.close();
});

test('nothing of it was thrown, or refused by the policy of the page', () => expect(opened.faults).toEqual([]));
