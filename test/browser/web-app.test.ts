import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sizes } from '../prove/sizes.ts';
import { requestToken } from '../support/connection.ts';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { controlsOf } from './support/controls.ts';
import { barriersOf, faultsOf } from './support/look.ts';
import { lookAtScreens } from './support/look-at-screens.ts';
import { addressOf, screenPaths } from './support/screens.ts';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app?.close());

test('the lists of screens were read', () => expect(screenPaths.length).toBeGreaterThan(10));

test.each(sizes.looks.test)(
  'every screen is whole and without barriers: $language, $theme, $width px',
  async (look) => {
    expect(await lookAtScreens(app, look)).toEqual([]);
  },
  240_000,
);

describe('Power Platform, in Norwegian', () => {
  let opened: OpenPage;
  let page: Page;
  const name = 'Rekrutt <b onmouseover="alert(1)">AS</b>';
  beforeAll(async () => {
    opened = await app.open({ language: 'nb', theme: 'light', width: 1440 });
    page = opened.page;
  });
  afterAll(() => opened?.context.close());

  const { button, choose, heading } = controlsOf(() => page);

  test('an application is registered, gets a secret that is shown once, a user and a role, and is let in', async () => {
    await opened.goTo('/app-registrations/new');
    await button('Registrer').click();
    await page.getByText('Visningsnavn må fylles ut.').waitFor();
    await page.getByRole('textbox', { name: /^Visningsnavn/ }).fill(name);
    await button('Registrer').click();
    await heading(name);

    await button('Ny klienthemmelighet').click();
    await button('Legg til').click();
    const secret = await page.getByRole('textbox', { name: 'Verdi', exact: true }).inputValue();
    expect(await button('Lukk').isDisabled()).toBe(true);
    await page.getByRole('checkbox', { name: 'Jeg har lagret verdien' }).check();
    await button('Lukk').click();
    const id = await page.locator('dt:has-text("App-ID (klient)") + dd').textContent();
    expect(await page.content()).not.toContain(secret);

    await opened.goTo('/app-users/new');
    await choose(/^App/, 'Rekrutt', /^Rekrutt/);
    await choose('Sikkerhetsrolle', 'integrasjon', 'Rekrutteringsintegrasjon');
    await button('Opprett').click();
    await heading(name);
    await page.getByRole('listitem').filter({ hasText: 'Rekrutteringsintegrasjon' }).waitFor();

    const { ca, env, url } = app.server;
    const token = await requestToken(ca, env.AUTHORITY_URL, { id: id?.trim() ?? '', secret }, `${url}/.default`);
    expect((await app.server.ask('/api/data/v9.2/WhoAmI', { token })).status).toBe(200);
  });

  test('a role is edited as a matrix, and what somebody else has changed meanwhile stays', async () => {
    const { api } = app.server;
    const filter = encodeURIComponent("name eq 'Rekrutteringsintegrasjon'");
    const found = (await api(`roles?$select=name&$filter=${filter}`, { as: 'admin' })).json() as {
      value: { roleid: string }[];
    };
    const roleid = found.value[0]?.roleid ?? '';
    const given = async (): Promise<readonly string[]> => {
      const answer = (await api(`RetrieveRolePrivilegesRole(RoleId=${roleid})`, { as: 'admin' })).json() as {
        RolePrivileges: { PrivilegeName: string; PrivilegeId: string }[];
      };
      privileges = new Map(answer.RolePrivileges.map((each) => [each.PrivilegeName, each.PrivilegeId]));
      return answer.RolePrivileges.map((each) => each.PrivilegeName);
    };
    let privileges = new Map<string, string>();
    await given();
    await opened.goTo(`/security-roles/${roleid}`);
    await page.getByRole('tab', { name: 'Egendefinerte enheter', selected: true }).waitFor();
    await page.getByRole('searchbox', { name: 'Søk etter tabeller og rettigheter' }).fill('basisarbeider');
    await page.getByRole('combobox', { name: 'Slette på Basisarbeider (mshr)' }).selectOption('None');
    const other = privileges.get('prvDeletemshr_hcmtitleentity');
    await api(`roles(${roleid})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`, {
      as: 'admin',
      method: 'POST',
      body: { PrivilegeId: other },
    });
    await button('Lagre').click();
    await page.getByText('Lagret.').first().waitFor();
    expect(await faultsOf(page, 'nb')).toEqual([]);
    const after = await given();
    expect(after).toContain('prvReadmshr_hcmworkerbaseentity');
    expect(after).not.toContain('prvDeletemshr_hcmworkerbaseentity');
    expect(after).not.toContain('prvDeletemshr_hcmtitleentity');

    await page.getByRole('searchbox', { name: 'Søk etter tabeller og rettigheter' }).fill('');
    await button('Bruk ATS-malen').click();
    await page.getByText('2 endringer er ikke lagret').waitFor();
    await button('Lagre').click();
    await expect.poll(given).toContain('prvDeletemshr_hcmtitleentity');
  });

  test('a row that somebody else has changed is a choice, and nothing is lost', async () => {
    const { api } = app.server;
    await opened.goTo('/business-units/new');
    await page.getByRole('textbox', { name: /^Navn/ }).fill('Nord');
    await choose(/^Overordnet enhet/, 'Nordlys', 'Nordlys');
    await button('Lagre').click();
    await heading('Nord');
    const id = page.url().split('/').at(-1);
    await page.getByRole('textbox', { name: /^Navn/ }).fill('Nord og vest');
    await api(`businessunits(${id})`, { as: 'admin', method: 'PATCH', body: { name: 'Nordområdet' } });
    await button('Lagre').click();
    const question = page.getByText('Kunne ikke lagre. Posten er endret av en annen.');
    await question.waitFor();
    // Who does not answer has chosen nothing: the form is still unsaved, and the next time it asks again.
    await page.getByRole('alertdialog').getByRole('button', { name: 'Avbryt' }).click();
    await page.getByRole('link', { name: 'Team', exact: true }).click();
    await button('Bli her').click();
    await button('Lagre').click();
    await question.waitFor();
    const stored = await api(`businessunits(${id})?$select=name`, { as: 'admin' });
    expect(stored.json()).toMatchObject({ name: 'Nordområdet' });
    await button('Vis forskjellene').click();
    await page.getByRole('cell', { name: 'Nordområdet' }).waitFor();
    await button('Lagre mine over').click();
    await heading('Nord og vest');
    // The same of what a button alone changes.
    await api(`businessunits(${id})`, { as: 'admin', method: 'PATCH', body: { name: 'Nordland' } });
    const answer = page.getByRole('alertdialog').getByRole('button', { name: 'Deaktiver' });
    const isDisabled = async (): Promise<unknown> =>
      ((await api(`businessunits(${id})?$select=isdisabled`, { as: 'admin' })).json() as Record<string, unknown>)[
        'isdisabled'
      ];
    await button('Deaktiver').click();
    await answer.click();
    await question.waitFor();
    expect(await isDisabled()).toBe(false);
    await answer.click();
    await button('Aktiver').waitFor();
    expect(await isDisabled()).toBe(true);
  });

  test('a user of Human Resources is made with a role, and an application is linked to it', async () => {
    await opened.goTo('/hr-users/new');
    await page.getByRole('textbox', { name: /^Bruker-ID/ }).fill('NyIntegrasjon');
    await page.getByRole('textbox', { name: /^Brukernavn/ }).fill('NyIntegrasjon');
    await page.getByRole('textbox', { name: /^E-post/ }).fill('NyApp');
    await page.getByRole('textbox', { name: /^Leverandør/ }).fill('NyApp');
    await choose(/^Firma/, 'usmf', /^usmf/i);
    await button('Tilordne roller').click();
    await page.getByRole('checkbox', { name: /\(HcmRecruitingIntegrator\)/ }).check();
    await button('OK').click();
    await button('Lagre').click();
    await heading('Brukere');
    await opened.goTo('/hr-applications/new');
    await choose(/^Klient-ID/, 'Rekrutt', /^Rekrutt/);
    await page.getByRole('textbox', { name: /^Navn/ }).fill('Rekrutt');
    await choose(/^Bruker-ID/, 'NyIntegrasjon', /^NyIntegrasjon/);
    await button('Lagre').click();
    await heading('Azure Active Directory-programmer');
    const links = await app.server.data("SysAADClients?$filter=UserId eq 'NyIntegrasjon'".replaceAll(' ', '%20'));
    expect(links.json()).toMatchObject({ value: [{ Name: 'Rekrutt' }] });
    const roles = await app.server.data(
      "SecurityUserRoleAssociations(UserId='NyIntegrasjon',SecurityRoleIdentifier='HcmRecruitingIntegrator')",
    );
    expect(roles.status).toBe(200);
  });

  test('roles of a user are assigned, kept to a legal entity, turned off and removed; the form is saved', async () => {
    const row = page.getByRole('row').filter({ hasText: 'HcmRecruitingIntegrator' });
    await opened.goTo('/hr-users/NyIntegrasjon');
    await row.getByRole('button', { name: 'Fjern', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Avbryt' }).click();
    await row.getByRole('button', { name: 'Fjern', exact: true }).click();
    await page.getByRole('alertdialog').getByRole('button', { name: 'Fjern' }).click();
    await row.waitFor({ state: 'detached' });
    await button('Tilordne roller').click();
    await page.getByRole('dialog', { name: 'Tilordne roller til bruker' }).waitFor();
    await page.getByRole('checkbox', { name: /\(HcmRecruitingIntegrator\)/ }).check();
    await button('OK').click();
    await row.getByRole('button', { name: 'Tilordne organisasjoner' }).click();
    await page.getByRole('checkbox', { name: /^usmf/i }).check();
    await button('OK').click();
    await row.getByRole('cell', { name: 'usmf' }).waitFor();
    await row.getByRole('button', { name: 'Slå av' }).click();
    await row.getByRole('button', { name: 'Slå på' }).waitFor();
    const ofUser = encodeURIComponent(
      "UserId eq 'NyIntegrasjon' and SecurityRoleIdentifier eq 'HcmRecruitingIntegrator'",
    );
    const stored = async (set: string): Promise<unknown> => (await app.server.data(`${set}?$filter=${ofUser}`)).json();
    expect(await stored('SecurityUserRoleAssociations')).toMatchObject({ value: [{ AssignmentStatus: 'Disabled' }] });
    expect(await stored('SecurityUserRoleOrganizations')).toMatchObject({ value: [{ OrganizationId: 'usmf' }] });

    await page.getByRole('textbox', { name: /^Brukernavn/ }).fill('Ny integrasjon');
    await button('Lagre').click();
    const user = async (): Promise<unknown> => (await app.server.data("SystemUsers('NyIntegrasjon')")).json();
    await expect.poll(user).toMatchObject({ UserName: 'Ny integrasjon', NetworkDomain: 'NyApp', Enabled: true });
    // Until the answer is back, whoever leaves is asked.
    await expect.poll(() => button('Lagre').isEnabled()).toBe(true);
  });

  test('a form with changes is not left without a question', async () => {
    await opened.goTo('/app-registrations/new');
    await page.getByRole('textbox', { name: /^Visningsnavn/ }).fill('Halvferdig');
    await page.getByRole('link', { name: 'Team', exact: true }).click();
    await button('Bli her').click();
    expect(page.url()).toContain('/app-registrations/new');
    await page.getByRole('link', { name: 'Team', exact: true }).click();
    await button('Forlat siden').click();
    await heading('Team');
  });

  test('a list is searched, sorted and exported, and walked by the keyboard', async () => {
    await opened.goTo('/tables');
    await page.getByRole('searchbox', { name: 'Søk' }).fill('kandidat');
    await page.getByText(/^1 av \d+ rader/).waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), button('Eksporter som CSV').click()]);
    expect(file.suggestedFilename()).toBe('tables.csv');
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading('Ansettelseskandidat (mshr)');
  });

  test('nothing of all this was refused by the policy of the page, or thrown', () => {
    // The browser tells of answers of 412 too: the row that somebody else had changed.
    expect(opened.faults.filter((fault) => !fault.includes('412'))).toEqual([]);
  });
});

test.each([
  ['the main menu', 'Meny', 'Sikkerhetsroller'],
  ['languages', /Språk/, 'English'],
  ['appearances', 'Utseende', 'Mørkt'],
  ['the account', 'Konto', 'Min konto'],
  ['columns', 'Kolonner', 'Forretningsenhet'],
])('on a phone %s open without barriers', async (_, button, inside) => {
  const { context, page, goTo } = await app.open({ language: 'nb', theme: 'light', width: 390 });
  await goTo('/app-users');
  await page.getByRole('button', { name: button, exact: true }).click();
  const entry = page.locator('nav a:visible, [role^=menuitem]:visible').filter({ hasText: inside }).first();
  // Nothing lies upon it: it can be pressed.
  await entry.click({ trial: true });
  expect(await barriersOf(page, 'nav, [role=menu]')).toEqual([]);
  await context.close();
});

test('who may only read is offered no change', async () => {
  const { context, page, goTo } = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'readOnly');
  await goTo('/app-registrations');
  expect(await page.getByRole('link', { name: 'New registration' }).count()).toBe(0);
  await page.getByRole('link', { name: 'Demo ATS' }).click();
  await page.getByRole('heading', { name: 'Demo ATS' }).waitFor();
  expect(await page.getByRole('button', { name: /Delete|New|Turn off/ }).count()).toBe(0);
  // Names and dates, and not what a form would send.
  const address = await addressOf('/recruiting/requests/:requestId', app.server);
  await goTo(address);
  const asked = `mshr_hcmrecruitingrequestentities(${address.split('/').at(-1)})?$select=mshr_estimatedstartdate`;
  const row = (await app.server.api(asked, { as: 'admin' })).json() as { mshr_estimatedstartdate: string };
  const [year, month, day] = row.mshr_estimatedstartdate.slice(0, 10).split('-');
  await page.getByText(`${day}/${month}/${year}`, { exact: true }).waitFor();
  await page.getByText('Gjermund Fjæreødegård', { exact: true }).waitFor();
  await context.close();
});

test('who may do recruiting only is not led into administration', async () => {
  const { context, page } = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'recruiting');
  await page.goto(`${app.server.url}/app/app-users`);
  await page.getByText('You do not have access to this page.').waitFor();
  await context.close();
});
