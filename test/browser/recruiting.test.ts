import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { controlsOf } from './support/controls.ts';

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

  const { button, choose, confirm, heading } = controlsOf(() => page);
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
    await page.getByLabel(/^Anslått startdato/).fill('1.5.2031');
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

  /** A candidate who was just sent for a request of the demo. */
  const send = async (firstName: string): Promise<{ readonly id: string; readonly personId: string }> => {
    const body = {
      ...{ mshr_firstname: firstName, mshr_lastname: 'Undset', mshr_dataareaid: 'usmf' },
      mshr_recruitingrequestid: 'USMF-000003',
    };
    const headers = { prefer: 'return=representation' };
    const made = (
      await app.server.api('mshr_hcmcandidatetohireentities', { method: 'POST', body, headers })
    ).json() as Row;
    return {
      id: String(made['mshr_hcmcandidatetohireentityid']),
      personId: String(made['_mshr_fk_person_id_value']),
    };
  };
  const resultOf = async (id: string): Promise<unknown> =>
    (
      (
        await app.server.api(`mshr_hcmcandidatetohireentities(${id})?$select=mshr_applicantintegrationresult`)
      ).json() as Row
    )['mshr_applicantintegrationresult'];

  test('a candidate is hired, and dismissed again', async () => {
    const { id } = await send('Sigrid');
    await opened.goTo('/recruiting/candidates');
    await page.getByRole('searchbox', { name: 'Søk' }).fill('Sigrid Undset');
    await page.getByRole('link', { name: 'Sigrid Undset' }).click();
    await button('Ansett').click();
    await page.getByRole('textbox', { name: /^Personalnummer/ }).fill('900077');
    await page.getByRole('dialog').getByRole('button', { name: 'Ansett', exact: true }).click();
    await page.getByText(/· Ansatt$/).waitFor();
    expect(await resultOf(id)).toBe(200_000_001);
    expect(await rowsOf("mshr_hcmworkerentities?$filter=mshr_personnelnumber eq '900077'")).toHaveLength(1);
    // What a worker is is ruled by other law: nothing is erased.
    expect(await button('Ansett').count()).toBe(0);
    await button('Avvis kandidat').click();
    await page.getByRole('dialog').getByRole('button', { name: 'Avvis kandidat' }).click();
    await page.getByText(/· Avvist$/).waitFor();
    expect(await resultOf(id)).toBe(200_000_003);
    await page.getByRole('link', { name: 'Personopplysninger' }).click();
    await button('Slett opplysningene').click();
    await confirm('Slett opplysningene');
    await page
      .getByText(/mshr_hcmworker/)
      .first()
      .waitFor();
  });

  test('a candidate is not hired for a reason; what is stored is given as a file, and erased', async () => {
    const { id, personId } = await send('Bjørnstjerne');
    await opened.goTo(`/recruiting/candidates/${id}`);
    await button('Ikke ansett kandidaten').click();
    await page.getByRole('textbox', { name: /^Kommentarer/ }).fill('Ble ikke');
    await page.getByRole('dialog').getByRole('button', { name: 'Ikke ansett kandidaten' }).click();
    await page.getByText(/· Ikke ansatt$/).waitFor();
    expect(await resultOf(id)).toBe(200_000_002);

    await page.getByRole('link', { name: 'Personopplysninger' }).click();
    await heading('Personopplysninger');
    const [file] = await Promise.all([page.waitForEvent('download'), button('Utlever som fil').click()]);
    expect(file.suggestedFilename()).toBe(`person-${personId}.json`);
    await button('Slett opplysningene').click();
    await confirm('Slett opplysningene');
    await page.getByText('Personopplysningene er slettet.').first().waitFor();
    await page.getByText('Bjørnstjerne').first().waitFor({ state: 'detached' });
    expect(
      await rowsOf(`mshr_dirpersonentities?$select=mshr_name&$filter=mshr_dirpersonentityid eq ${personId}`),
    ).toMatchObject([{ mshr_name: 'Erased' }]);
  });

  test('events are listed and sent again; what was given up is tried again or let go', async () => {
    const token = await app.server.token('admin');
    const body = { name: 'Mottaker', url: 'https://mottaker.invalid/' };
    await app.server.ask('/portvakt/v1/webhooks', { token, method: 'POST', body });
    await opened.goTo('/recruiting/events');
    await page.getByRole('searchbox', { name: 'Søk' }).fill('USMF-000003 mottatt');
    await page.getByRole('row').filter({ hasText: 'Kandidat mottatt' }).first().waitFor();
    await opened.goTo('/recruiting/webhooks');
    // Where events are sent is set up by administrators.
    expect(await page.getByRole('link', { name: 'Ny webhook' }).count()).toBe(0);
    await page.getByRole('link', { name: 'Mottaker' }).click();
    await heading('Mottaker');
    for (const setUp of ['Slett', 'Ny hemmelighet', 'Slå av']) expect(await button(setUp).count()).toBe(0);
    await button('Send på nytt').click();
    await page.getByRole('textbox', { name: /^Etter plass/ }).fill('3');
    await page.getByRole('dialog').getByRole('button', { name: 'Send på nytt' }).click();
    await page
      .getByText(/hendelser sendes på nytt\.$/)
      .first()
      .waitFor();
    await page.getByRole('row').filter({ hasText: 'Venter' }).first().waitFor();
  });

  test('nothing of all this was refused by the policy of the page, or thrown', () => {
    // The browser tells of answers of 409 too: the worker whose data is not erased.
    expect(opened.faults.filter((fault) => !fault.includes('409'))).toEqual([]);
  });
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
  await goTo('/recruiting/candidates');
  await page
    .getByRole('link')
    .filter({ hasText: /^Åsmund/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Personal data' }).click();
  await page.getByText('Whoever may only read does not take out all that is stored about a person.').waitFor();
  expect(await page.locator('main').getByRole('button').count()).toBe(0);
  // Not `goTo`: a screen that is not permitted has no heading.
  await page.goto(`${app.server.url}/app/recruiting/webhooks/new`);
  await page.getByText('You do not have access to this page.').waitFor();
  await context.close();
});
