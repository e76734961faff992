import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { controlsOf } from './support/controls.ts';

let app: OpenApp;
let opened: OpenPage;
let page: Page;
beforeAll(async () => {
  app = await openApp();
  opened = await app.open({ language: 'nb', theme: 'light', width: 1440 });
  page = opened.page;
});
afterAll(async () => {
  await opened?.context.close();
  await app?.close();
});

const { button, choose, dialogButton, field, heading } = controlsOf(() => page);
const stored = async (set: string, filter: string): Promise<readonly unknown[]> => {
  const answer = await app.server.data(`${set}?$filter=${encodeURIComponent(filter)}`);
  return (answer.json() as { value: readonly unknown[] }).value;
};
const seesRequests = async (): Promise<number> =>
  (await app.server.api('mshr_hcmrecruitingrequestentities?$select=mshr_recruitingrequestid&$top=1')).status;

test('the recruiting role is found by its Norwegian name, and copied with all that it has', async () => {
  await opened.goTo('/hr-roles');
  await page.getByRole('searchbox', { name: 'Søk' }).fill('Rekrutteringsprogram');
  await page.getByRole('link', { name: 'Rekrutteringsprogram', exact: true }).click();
  await heading('Rekrutteringsprogram');
  await page.getByRole('link', { name: 'RekrutteringIntegrasjon' }).first().waitFor();
  await page.getByRole('link', { name: 'Kopier', exact: true }).click();
  await field(/^Identifikator/).fill('NarrowAts');
  await field(/^Navn/).fill('Smalt ATS');
  await button('Lagre').click();
  await heading('Smalt ATS');
  const of = (role: string) => stored('SecurityRoleDuties', `SecurityRoleIdentifier eq '${role}'`);
  expect(await of('NarrowAts')).toHaveLength((await of('HcmRecruitingIntegrator')).length);
});

test('a duty is taken from a role and given to it again; a role that somebody has is not deleted', async () => {
  await opened.goTo('/hr-roles/NarrowAts');
  const row = page.getByRole('row').filter({ hasText: 'HcmRecruitingIntegrationMaintain' });
  await row.getByRole('button', { name: /^Fjern/ }).click();
  await row.waitFor({ state: 'detached' });
  await button('Legg til: Plikter').click();
  await page.getByRole('checkbox', { name: /\(HcmRecruitingIntegrationMaintain\)/ }).check();
  await button('OK').click();
  await row.waitFor();

  await opened.goTo('/hr-roles/HcmRecruitingIntegrator');
  await button('Slett').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Slett' }).click();
  await page
    .getByText(/cannot be deleted while dependent/)
    .first()
    .waitFor();
  expect(await stored('SecurityRoles', "SecurityRoleIdentifier eq 'HcmRecruitingIntegrator'")).toHaveLength(1);
});

test('a privilege of its own denies by a permission, which counts for the next request, and is changed and removed', async () => {
  await opened.goTo('/hr-privileges/new');
  await field(/^Identifikator/).fill('NoRequests');
  await field(/^Navn/).fill('Ingen forespørsler');
  await button('Lagre').click();
  await heading('Ingen forespørsler');
  await button('Ny tillatelse').click();
  await choose(/^Objekt \(/, 'rekrutteringsforespørsel (', /^Rekrutteringsforespørsel \(mshr\)/);
  await page.getByRole('combobox', { name: /^Read/ }).selectOption('Deny');
  await dialogButton('Lagre').click();
  await page.getByRole('cell', { name: 'hcmrecruitingrequestentity', exact: true }).waitFor();

  expect(await seesRequests()).toBe(200);
  await opened.goTo('/hr-roles/HcmRecruitingIntegrator');
  await button('Legg til: Rettigheter').click();
  await page.getByRole('checkbox', { name: /\(NoRequests\)/ }).check();
  await button('OK').click();
  await page.getByRole('link', { name: 'Ingen forespørsler' }).click();
  await heading('Ingen forespørsler');
  expect(await seesRequests()).toBe(400);

  await page.getByRole('button', { name: /^Endre DataEntity/ }).click();
  await page.getByRole('combobox', { name: /^Read/ }).selectOption('Grant');
  await dialogButton('Lagre').click();
  await page.getByRole('cell', { name: 'Read', exact: true }).waitFor();
  expect(await seesRequests()).toBe(200);
  await page.getByRole('button', { name: /^Fjern DataEntity/ }).click();
  await expect
    .poll(() => stored('SecurityPrivilegePermissions', "SecurityPrivilegeIdentifier eq 'NoRequests'"))
    .toEqual([]);
});

test('a policy takes rows away, is refused where it means nothing, and is deleted', async () => {
  await opened.goTo('/hr-policies/new');
  await field(/^Identifikator/).fill('OnlyOneJob');
  await field(/^Navn/).fill('Bare én jobb');
  await choose(/^Primær enhet/, 'jobber', /^Jobber/);
  await field(/^Spørring/).fill('mshr_nosuchcolumn eq 1');
  await choose(/^Rolle/, 'Rekrutteringsprogram', /^Rekrutteringsprogram/);
  await button('Lagre').click();
  await page
    .getByText(/PolicyQuery/)
    .first()
    .waitFor();
  await field(/^Spørring/).fill("mshr_jobid eq 'no such job'");
  await button('Lagre').click();
  await heading('Bare én jobb');
  await button('Begrens en enhet').click();
  await choose(/^Objekt/, 'jobber', /^Jobber/);
  await button('Legg til').click();
  await page.getByRole('cell', { name: 'hcmjobentity', exact: true }).waitFor();
  const jobs = async (): Promise<number> => {
    const answer = await app.server.api('mshr_hcmjobentities?$select=mshr_jobid&$top=5');
    return (answer.json() as { value: unknown[] }).value.length;
  };
  expect(await jobs()).toBe(0);
  await button('Slett').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Slett' }).click();
  await heading('Policyer');
  expect(await jobs()).toBe(5);
});

test('nothing of all this was refused by the policy of the page, or thrown', () => {
  // The browser tells of the two refusals: a role that is held, a query that means nothing.
  expect(opened.faults.filter((fault) => !/status of 400/.test(fault))).toEqual([]);
});
