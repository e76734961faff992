// The walk-through of "Server-to-server authentication for the ATS integration API", literally and in Norwegian: from an
// organisation with nothing in it to the first call that works, by nothing but the screens.
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type OpenEmptyApp, type OpenPage, openEmptyApp, picture } from './support/app.ts';
import { controlsOf } from './support/controls.ts';
import { FirstCall } from './support/first-call.ts';
import { becomeFirstOperator } from './support/first-operator.ts';

/** The entities of the document, by the names and in the order that it has. Two of them have the same name. */
const entities = `Basisarbeider (mshr), Ansettelseskandidat (mshr), Sertifikatkompetanse (mshr), Sertifikattype (mshr),
  Bedrift, Kompensasjonsjobbfunksjon (mshr), Kompensasjonsjobbtype (mshr), Land/regioner (mshr), Avdeling (mshr),
  Utdanningskompetanse (mshr), Utdannelsesgrad (mshr), Utdanningsdisipliner (mshr), Krav til utdanning (mshr),
  Identifikasjon (mshr), Identifikasjonstype (mshr), Institusjon (mshr), Utstedende byrå (mshr), Jobbkompensasjon (mshr),
  Jobber (mshr), Utdannelsesnivå (mshr), Partskontakter (mshr), Personer (mshr), Personadresser (mshr),
  Personscreening (mshr), Stillingstype (mshr), Stillinger V2 (mshr), Yrkeserfaringskompetanse (mshr),
  Vurderingsnivå (mshr), Vurderingsmodeller (mshr), Årsakskoder (mshr), Rekrutteringsforespørsel (mshr),
  Rekrutteringsforespørselssted (mshr), Rekrutteringsforespørselsstilling (mshr),
  Rekrutteringsforespørselskompetanse (mshr), Screeningtype (mshr), Kompetanse (mshr), Kompetanse (mshr), Titler (mshr),
  Veteranstatus (mshr), Arbeider (mshr)`.split(/,\s+/);
const program = 'Rekrutteringsapp';
const role = 'ATS-rolle';
const user = 'RekrutteringIntegrasjon';
const word = 'RekrutteringApp';

// Some sixty things are clicked in one of the tests. One that runs out of time goes on behind the next one's back.
describe('the walk-through, from an empty organisation', { timeout: 120_000 }, () => {
  let app: OpenEmptyApp;
  let opened: OpenPage;
  let page: Page;
  let call: FirstCall;
  let secret = '';
  let clientId = '';
  beforeAll(async () => {
    app = await openEmptyApp('sqlite');
    opened = await app.open({ language: 'nb', theme: 'light', width: 1440 });
    page = opened.page;
    call = new FirstCall(app.server);
  });
  afterEach((context) => picture(page, context));
  afterAll(async () => {
    call?.stop();
    await app?.close();
  });

  const { button, choose, dialogButton, field, heading } = controlsOf(() => page);
  const link = (text: string): Locator => page.getByRole('link', { name: text, exact: true });
  const menu = (text: string): Locator => page.getByRole('navigation').getByRole('link', { name: text, exact: true });
  const attempt = () => call.attempt(clientId, secret);

  test('somebody opens the link of the console and is signed in', async () => {
    await becomeFirstOperator(opened, app.firstLink);
  });

  test('the program is registered with a client secret: it gets a token, and is no member of the organisation', async () => {
    await menu('Appregistreringer').click();
    await link('Ny registrering').click();
    await field(/^Visningsnavn/).fill(program);
    await button('Registrer').click();
    await heading(program);
    await button('Ny klienthemmelighet').click();
    await button('Legg til').click();
    secret = await page.getByRole('textbox', { name: 'Verdi', exact: true }).inputValue();
    await page.getByRole('checkbox', { name: 'Jeg har lagret verdien' }).check();
    await button('Lukk').click();
    clientId = (await page.locator('dt:has-text("App-ID (klient)") + dd').textContent())?.trim() ?? '';
    expect(await call.attempt(clientId, `${secret}x`)).toContain('invalid_client');
    expect(await attempt()).toBe('The user is not a member of the organization.');
  });

  test('a programbruker is created: it has no role', async () => {
    await menu('Programbrukere').click();
    await link('Ny programbruker').click();
    await heading('Opprett en ny programbruker');
    await choose(/^App/, program, new RegExp(program));
    await button('Opprett').click();
    await heading(program);
    expect(await attempt()).toMatch(/has not been assigned any roles/);
  });

  test('a security role is created with the entities of the category Egendefinerte enheter, and assigned', async () => {
    await menu('Sikkerhetsroller').click();
    await link('Ny rolle').click();
    await field(/^Rollenavn/).fill(role);
    await button('Lagre').click();
    await heading(role);
    await page.getByRole('tab', { name: 'Egendefinerte enheter', selected: true }).waitFor();
    await assign();
    expect(await attempt()).toMatch(/is missing prvReadmshr_hcmcandidatetohireentity privilege/);

    await menu('Sikkerhetsroller').click();
    await link(role).click();
    const rows = page.getByRole('rowheader');
    for (const name of new Set(entities)) {
      const ticks = rows.getByRole('checkbox', { name: `Velg ${name} (`, exact: false });
      await expect.poll(() => ticks.count()).toBe(entities.filter((each) => each === name).length);
      for (const tick of await ticks.all()) await tick.check();
    }
    await page.getByText(`${entities.length} rader valgt`).waitFor();
    await button('Full tilgang').click();
    const pending = page.getByText(/endringer er ikke lagret/);
    await pending.waitFor();
    await button('Lagre').click();
    await pending.waitFor({ state: 'detached' });
    // What was ticked by hand is what the template gives.
    await page.getByRole('combobox', { name: 'Vis' }).selectOption('different');
    await expect.poll(() => rows.count()).toBe(0);
    expect(await attempt()).toMatch(/was not found in Finance and Operations/);
  });

  async function assign(): Promise<void> {
    await menu('Programbrukere').click();
    await link(program).click();
    await button('Rediger sikkerhetsroller').click();
    const pane = page.getByRole('dialog', { name: 'Rediger sikkerhetsroller' });
    await pane.getByRole('checkbox', { name: role, exact: true }).check();
    await page.getByText(`Blir lagt til: ${role}`).waitFor();
    await dialogButton('Lagre').click();
    await page.getByRole('main').getByRole('listitem').filter({ hasText: role }).waitFor();
  }

  test('Brukere, Ny: a user with the role Rekrutteringsprogram, which nothing leads to yet', async () => {
    await menu('Brukere').click();
    await link('Ny').click();
    await field(/^Bruker-ID/).fill(user);
    await field(/^Brukernavn/).fill(user);
    await field(/^E-post/).fill(word);
    await field(/^Leverandør/).fill(word);
    await page.getByRole('heading', { name: 'Brukerens roller' }).waitFor();
    await button('Tilordne roller').click();
    const pane = page.getByRole('dialog', { name: 'Tilordne roller til bruker' });
    await pane.getByRole('checkbox', { name: 'Rekrutteringsprogram (HcmRecruitingIntegrator)' }).check();
    await pane.getByRole('button', { name: 'OK', exact: true }).click();
    await page.getByText('Rekrutteringsprogram (HcmRecruitingIntegrator)').waitFor();
    await button('Lagre').click();
    await heading('Brukere');
    await link(user).click();
    await page
      .getByRole('row')
      .filter({ hasText: 'Rekrutteringsprogram' })
      .getByRole('cell', { name: 'Alle' })
      .waitFor();
    expect(await attempt()).toMatch(/was not found in Finance and Operations/);
  });

  test('Azure Active Directory-programmer, Ny: Klient-ID, Navn, Bruker-ID; and the call works', async () => {
    await menu('Azure Active Directory-programmer').click();
    await link('Ny').click();
    await page.getByRole('combobox', { name: /^Klient-ID/ }).fill(clientId);
    await field(/^Navn/).fill(program);
    await choose(/^Bruker-ID/, user, new RegExp(user));
    await button('Lagre').click();
    await heading('Azure Active Directory-programmer');
    await page.getByRole('row').filter({ hasText: clientId }).waitFor();
    expect(await attempt()).toBe(0);
  });

  test('nothing of it was thrown, or refused by the policy of the page', () => {
    expect(opened.faults).toEqual([]);
  });
});
