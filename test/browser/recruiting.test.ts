import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';

let app: OpenApp;
beforeAll(async () => {
  app = await openApp();
});
afterAll(() => app?.close());

type Row = Readonly<Record<string, unknown>>;

/** Rows of a table as the administrator sees them. */
async function rowsOf(path: string): Promise<readonly Row[]> {
  const answer = await app.server.api(path.replaceAll(' ', '%20'), { as: 'admin' });
  return (answer.json() as { value: readonly Row[] }).value;
}

const statusOf = async (id: string): Promise<unknown> => {
  const answer = await app.server.api(`mshr_hcmrecruitingrequestentities(${id})?$select=mshr_status`, { as: 'admin' });
  return (answer.json() as Row)['mshr_status'];
};

describe('the recruiting workspace, for who may do nothing else, in Norwegian', () => {
  let opened: OpenPage;
  let page: Page;
  let request: string;
  beforeAll(async () => {
    opened = await app.open({ language: 'nb', theme: 'light', width: 1440 }, 'recruiting');
    page = opened.page;
  });
  afterAll(() => opened?.context.close());

  const button = (text: string) => page.getByRole('button', { name: text, exact: true });
  const confirm = (text: string) => page.getByRole('alertdialog').getByRole('button', { name: text }).click();
  const choose = async (field: string | RegExp, typed: string, option: string | RegExp): Promise<void> => {
    await page.getByRole('combobox', { name: field }).pressSequentially(typed);
    await page.getByRole('option', { name: option, exact: true }).first().click();
  };
  const heading = (text: string) => page.getByRole('heading', { name: text, exact: true, level: 1 }).waitFor();
  const section = (title: string) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: title, level: 2, exact: true }) });

  test('the menu leads to recruiting and nowhere else', async () => {
    await opened.goTo('/');
    const links = await page.getByRole('navigation').getByRole('link').allTextContents();
    expect(links).toContain('Rekrutteringsforespørsler');
    expect(links).not.toContain('Programbrukere');
  });

  test('a request is made from a job, changed, and made active', async () => {
    await opened.goTo('/recruiting/requests');
    await page.getByRole('link', { name: 'Ny rekrutteringsforespørsel' }).click();
    await button('Lagre').click();
    await page.getByText('Jobb må fylles ut.').waitFor();
    await page.getByRole('textbox', { name: /^Beskrivelse/ }).fill('En til');
    await choose(/^Jobb/, 'Project Man', /^Project Manager/);
    await page.getByLabel(/^Anslått startdato/).fill('2031-05-01');
    await choose(/^Firma/, 'usmf', /^usmf/i);
    await button('Lagre').click();
    await heading('En til');
    request = page.url().split('/').at(-1) ?? '';

    await page.getByRole('textbox', { name: /^Nedre grense/ }).fill('500 000,5');
    await button('Lagre').click();
    await page.getByText('Lagret.').first().waitFor();
    const saved = await rowsOf(
      `mshr_hcmrecruitingrequestentities?$filter=mshr_hcmrecruitingrequestentityid eq ${request}`,
    );
    expect(saved).toMatchObject([
      { mshr_jobid: 'Project Manager', mshr_compensationlowthreshold: 500_000.5, mshr_status: 200_000_000 },
    ]);
    // The legal entity has no workflow: nothing is submitted there.
    expect(await button('Send inn').count()).toBe(0);
    await button('Aktiver').click();
    await page.getByText(/· Aktiv$/).waitFor();
    expect(await statusOf(request)).toBe(200_000_005);
    await section('Integrasjon').getByRole('cell', { name: 'Forespørsel aktivert' }).waitFor();
  });

  test('positions, skills and education are added and taken away', async () => {
    await opened.goTo(`/recruiting/requests/${request}`);
    await section('Stillinger').getByRole('button', { name: 'Legg til' }).click();
    await choose(/^Stilling/, '000426', /^000426/);
    await page.getByRole('dialog').getByRole('button', { name: 'Legg til' }).click();
    const position = section('Stillinger').getByRole('row').filter({ hasText: '000426' });
    await position.getByRole('button', { name: /^Annuller stillingen/ }).click();
    await position.getByRole('cell', { name: 'Annullert' }).waitFor();
    await position.getByRole('button', { name: /^Åpne igjen/ }).click();
    await position.getByRole('cell', { name: 'Åpen' }).waitFor();

    const skills = section('Kompetanse');
    const before = await skills.getByRole('row').count();
    await skills.getByRole('button', { name: 'Legg til' }).click();
    await choose(/^Kompetanse/, 'Skriftlig', /^Skriftlig norsk/);
    await choose(/^Vurderingsnivå/, '4', /^4 /);
    await page.getByRole('dialog').getByRole('button', { name: 'Legg til' }).click();
    const skill = skills.getByRole('row').filter({ hasText: 'Skriftlig norsk' });
    await skill.getByRole('button', { name: /^Slett/ }).click();
    await confirm('Slett');
    await skill.waitFor({ state: 'detached' });
    expect(await skills.getByRole('row').count()).toBe(before);

    await section('Krav til utdanning').getByRole('button', { name: 'Legg til' }).click();
    await choose(/^Utdanningsnivå/, 'Bachelor', /^Bachelor/);
    await choose(/^Fagområde/, 'Business', /^Business Mgmt/);
    await page.getByRole('dialog').getByRole('button', { name: 'Legg til' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const stored = (set: string) => rowsOf(`${set}?$filter=_mshr_fk_recruitingrequest_id_value eq ${request}`);
    expect(await stored('mshr_hcmrecruitingrequestpositionentities')).toMatchObject([{ mshr_positionid: '000426' }]);
    expect(await stored('mshr_hcmrecruitingrequesteducationentities')).toContainEqual(
      expect.objectContaining({ mshr_educationlevelid: 'Bachelor', mshr_educationdisciplineid: 'Business Mgmt' }),
    );
  });

  test('a request is closed after a question, and its positions stand still then', async () => {
    await opened.goTo(`/recruiting/requests/${request}`);
    await button('Lukk forespørselen').click();
    await page.getByText('Dette kan ikke angres: ingenting fører ut av tilstanden «Lukket».').waitFor();
    await confirm('Lukk forespørselen');
    await page.getByText(/· Lukket$/).waitFor();
    await page.getByText('Forespørselen er avsluttet.', { exact: false }).waitFor();
    expect(await section('Stillinger').getByRole('button').count()).toBe(0);
    expect(await statusOf(request)).toBe(200_000_006);
  });

  test('where the legal entity has a workflow a request is submitted, reviewed, approved', async () => {
    const [draft] = await rowsOf(
      "mshr_hcmrecruitingrequestentities?$select=mshr_status&$top=1&$filter=mshr_dataareaid eq 'no02' and mshr_status eq 200000000",
    );
    const id = String(draft?.['mshr_hcmrecruitingrequestentityid']);
    await opened.goTo(`/recruiting/requests/${id}`);
    expect(await button('Aktiver').count()).toBe(0);
    for (const [step, state] of [
      ['Send inn', 'Til gjennomgang'],
      ['Ta til gjennomgang', 'Venter'],
      ['Godkjenn', 'Aktiv'],
    ] as const) {
      await button(step).click();
      await page.getByText(new RegExp(`· ${state}$`)).waitFor();
    }
    expect(await statusOf(id)).toBe(200_000_005);
  });

  test('nothing of all this was refused by the policy of the page, or thrown', () => expect(opened.faults).toEqual([]));
});

test('who may only read sees requests and is offered no change', async () => {
  const { context, page, goTo } = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'readOnly');
  await goTo('/recruiting/requests');
  expect(await page.getByRole('link', { name: 'New recruiting request' }).count()).toBe(0);
  await page.getByRole('searchbox', { name: 'Search' }).fill('USMF-000003');
  await page.getByRole('link', { name: 'USMF-000003' }).click();
  await page.getByRole('heading', { name: 'Integration', level: 2 }).waitFor();
  await page.getByRole('row').filter({ hasText: '000108' }).waitFor();
  expect(await page.locator('main').getByRole('button').count()).toBe(0);
  expect(await page.locator('main').getByRole('textbox').count()).toBe(0);
  await context.close();
});
