import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestToken } from '../support/connection.ts';
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

const { button, choose, confirm, dialogButton, field, heading } = controlsOf(() => page);
const row = (text: string | RegExp) => page.getByRole('row').filter({ hasText: text });
const asAdmin = async (path: string): Promise<unknown> => (await app.server.api(path, { as: 'admin' })).json();

test('a federated credential is added, and deleted again', async () => {
  await opened.goTo('/app-registrations');
  await page.getByRole('link', { name: 'Demo ATS', exact: true }).click();
  await button('Legg til legitimasjon').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: /^Navn/ }).fill('bygg');
  await dialog.getByRole('textbox', { name: /^Utsteder/ }).fill('https://issuer.example');
  await dialog.getByRole('textbox', { name: /^Emne/ }).fill('repo:nordlys/ats');
  await button('Legg til').click();
  await row('repo:nordlys/ats').getByRole('button', { name: 'Slett' }).click();
  await confirm('Slett');
  await row('repo:nordlys/ats').waitFor({ state: 'detached' });
});

test('consent is turned off, which stops tokens, turned on, and asked about before it is withdrawn', async () => {
  const { ca, env, url } = app.server;
  const client = { id: env.CLIENT_ID, secret: env.CLIENT_SECRET };
  const token = () => requestToken(ca, env.AUTHORITY_URL, client, `${url}/.default`);
  const section = page.locator('section').filter({ has: page.getByRole('heading', { name: /^Samtykke/ }) });
  await section.getByRole('button', { name: 'Slå av' }).click();
  await page.getByText('Appen er sluppet inn, men slått av').waitFor();
  await expect(token()).rejects.toThrow();
  await section.getByRole('button', { name: 'Slå på' }).click();
  await page.getByText('Appen er sluppet inn og får token.').waitFor();
  expect(await token()).toMatch(/^ey/);
  await section.getByRole('button', { name: 'Trekk samtykket tilbake' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Avbryt' }).click();
  expect(await token()).toMatch(/^ey/);
});

test('an option of a choice is made, renamed in both languages, and deleted', async () => {
  const label = { LocalizedLabels: [{ Label: 'Priority', LanguageCode: 1033 }] };
  const body = {
    '@odata.type': 'Microsoft.Dynamics.CRM.OptionSetMetadata',
    Name: 'own_priority',
    OptionSetType: 'Picklist',
  };
  await app.server.api('GlobalOptionSetDefinitions', {
    ...{ as: 'admin', method: 'POST' },
    body: { ...body, IsGlobal: true, DisplayName: label, Options: [] },
  });
  await opened.goTo('/choices/mshr_hcmrecruitingrequeststatus');
  await row('Aktiv').first().waitFor();
  // Human Resources decides which options there are; names of its own an environment may give.
  expect(await button('Nytt alternativ').count()).toBe(0);
  expect(await button('Slett').count()).toBe(0);
  await opened.goTo('/choices/own_priority');
  await button('Nytt alternativ').click();
  await field(/^Engelsk etikett/).fill('On hold');
  await field(/^Norsk etikett/).fill('På vent');
  await button('Lagre').click();
  await row('På vent').getByRole('button', { name: 'Gi nytt navn' }).click();
  await field(/^Norsk etikett/).fill('Satt på vent');
  await button('Lagre').click();
  await row('Satt på vent').getByRole('button', { name: 'Slett' }).click();
  await confirm('Slett');
  await row('Satt på vent').waitFor({ state: 'detached' });
});

test('a team gets a member and a role, loses them, and is deleted', async () => {
  await opened.goTo('/teams/new');
  await field(/^Navn/).fill('Rekruttering nord');
  await choose(/^Forretningsenhet/, 'Nordlys', /^Nordlys/);
  await button('Lagre').click();
  await heading('Rekruttering nord');
  const id = page.url().split('/').at(-1);
  const links = (name: string): Promise<unknown> => asAdmin(`teams(${id})/${name}?$count=true&$top=1`);
  for (const [title, relation, typed] of [
    ['Medlemmer', 'teammembership_association', 'Demo ATS'],
    ['Tilordnede sikkerhetsroller', 'teamroles_association', 'Rekrutteringsintegrasjon'],
  ] as const) {
    const section = page.locator('section').filter({ has: page.getByRole('heading', { name: title, exact: true }) });
    await choose(new RegExp(`^${title}`), typed, new RegExp(`^${typed}`));
    await section.getByRole('button', { name: 'Legg til', exact: true }).click();
    await section.getByRole('button', { name: /^Fjern/ }).waitFor();
    expect(await links(relation)).toMatchObject({ '@odata.count': 1 });
    await section.getByRole('button', { name: /^Fjern/ }).click();
    await section.getByRole('button', { name: /^Fjern/ }).waitFor({ state: 'detached' });
    expect(await links(relation)).toMatchObject({ '@odata.count': 0 });
  }
  await button('Slett').click();
  await confirm('Slett');
  await heading('Team');
  expect((await app.server.api(`teams(${id})`, { as: 'admin' })).status).toBe(404);
});

test('roles of a program can be heard and left while they are waited for, and have a role that was just made', async () => {
  const open = async (): Promise<void> => {
    await opened.goTo('/app-users');
    await page.getByRole('grid').getByRole('link', { name: 'Demo ATS', exact: true }).click();
    await button('Rediger sikkerhetsroller').click();
  };
  const pane = page.getByRole('dialog', { name: 'Rediger sikkerhetsroller' });
  let answer = (): void => {};
  const isAsked = new Promise<void>((asked) => {
    const isAnswered = new Promise<void>((answered) => {
      answer = answered;
    });
    void page.route(/\/roles\?/, async (route) => {
      asked();
      await isAnswered;
      await route.continue();
    });
  });
  await open();
  await isAsked;
  await pane.getByRole('button', { name: 'Avbryt' }).and(page.locator(':focus')).waitFor();
  // What stands behind a dialog is hidden from screen readers a little later; the dialog itself must not be.
  await page.locator('#app[aria-hidden=true]').waitFor({ state: 'attached' });
  await pane.getByRole('button', { name: 'Avbryt' }).click();
  await pane.waitFor({ state: 'detached' });
  answer();
  await page.unrouteAll({ behavior: 'wait' });

  await open();
  await pane.getByRole('checkbox', { name: 'Rekrutteringsintegrasjon', exact: true }).waitFor();
  await dialogButton('Avbryt').click();
  await opened.goTo('/security-roles/new');
  await field(/^Rollenavn/).fill('Nettopp laget');
  await button('Lagre').click();
  await heading('Nettopp laget');
  await open();
  await pane.getByRole('checkbox', { name: 'Nettopp laget', exact: true }).check();
  await page.getByText('Blir lagt til: Nettopp laget').waitFor();
  await dialogButton('Avbryt').click();
});

test('a row of the matrix is copied to another one', async () => {
  const filter = encodeURIComponent("name eq 'Rekrutteringsintegrasjon'");
  const { value } = (await asAdmin(`roles?$select=roleid&$filter=${filter}`)) as { value: { roleid: string }[] };
  const id = value[0]?.roleid ?? '';
  const given = async (): Promise<readonly string[]> => {
    const answer = await asAdmin(`RetrieveRolePrivilegesRole(RoleId=${id})`);
    return (answer as { RolePrivileges: { PrivilegeName: string }[] }).RolePrivileges.map((each) => each.PrivilegeName);
  };
  await opened.goTo(`/security-roles/${id}`);
  const search = page.getByRole('searchbox', { name: 'Søk etter tabeller og rettigheter' });
  await search.fill('Basisarbeider');
  await page.getByRole('combobox', { name: 'Skrive på Basisarbeider (mshr)' }).selectOption('None');
  await page.getByRole('combobox', { name: 'Opprette på Basisarbeider (mshr)' }).selectOption('None');
  await page.getByRole('button', { name: /^Kopier rad/ }).click();
  await page.getByText('Velg radene som «Basisarbeider (mshr)» skal kopieres til.').waitFor();
  await search.fill('Titler');
  await page.getByRole('checkbox', { name: /Titler/ }).check();
  await button('Kopier Basisarbeider (mshr) til de valgte radene').click();
  await button('Lagre').click();
  await expect.poll(given).not.toContain('prvCreatemshr_hcmtitleentity');
  expect(await given()).toContain('prvReadmshr_hcmtitleentity');
});

test('the audit log is filtered, leads from a denial to its explanation, and shows that it is whole', async () => {
  const refused = await app.server.api('mshr_hcmjobentities', { as: 'roleless' });
  const id = String(refused.headers['req_id']);
  await opened.goTo('/audit');
  await page.getByRole('combobox', { name: 'Utfall' }).selectOption('denied');
  await field(/^Forespørsels-ID/).fill(id);
  await button('Søk').click();
  await page.getByText(/^1 rad$/).waitFor();
  expect(await page.getByRole('row').filter({ hasText: 'allowed' }).count()).toBe(0);
  await page.getByRole('grid').getByRole('link').first().click();
  await heading('Forklar en forespørsel');
  await page.getByText('Port én: Dataverse').waitFor();

  await opened.goTo('/audit?correlationId=no+guid');
  await page.getByText(/GUID/).first().waitFor();
  await opened.goTo('/audit/chain');
  await page.getByText('Revisjonsloggen er hel').waitFor();
  await page.getByText('Nyeste segl').waitFor();
});

test('nothing of all this was refused by the policy of the page, or thrown', () => {
  // The browser tells of the search that was refused.
  expect(opened.faults.filter((fault) => !/status of 400/.test(fault))).toEqual([]);
});
