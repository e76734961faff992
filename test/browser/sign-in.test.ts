import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { OpenIdIssuer, openIdClient } from '../support/openid-issuer.ts';
import { makeCa, type TestCa } from '../token/issuers/https-issuer.ts';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { controlsOf } from './support/controls.ts';
import { faultsOf } from './support/look.ts';

const look = { language: 'nb', theme: 'dark', width: 390 } as const;
const password = 'multer på myra 1814';

let ca: TestCa;
let issuer: OpenIdIssuer;
let app: OpenApp;
let opened: OpenPage;
let page: Page;
beforeAll(async () => {
  ca = await makeCa();
  issuer = await new OpenIdIssuer(ca).start();
  app = await openApp(undefined, {
    PORTVAKT_OPENID_ISSUER: issuer.url,
    PORTVAKT_OPENID_CLIENT_ID: openIdClient.id,
    PORTVAKT_OPENID_CLIENT_SECRET: openIdClient.secret,
    PORTVAKT_OPENID_NAME: 'Nordlys',
    PORTVAKT_OPENID_OPERATORS: 'sub:kari-1814=Kari Nordmann',
    PORTVAKT_ISSUER_NETWORKS: '127.0.0.0/8,::1',
    PORTVAKT_ISSUER_CA: ca.caFile,
  });
  opened = await app.open(look, 'nobody');
  page = opened.page;
});
afterAll(async () => {
  await opened?.context.close();
  await app?.close();
  await issuer?.stop();
  await ca?.remove();
});

const { button, heading } = controlsOf(() => page);
const field = (text: RegExp) => page.getByLabel(text);

test('before there is an operator the page says what to do, and so does a link without its code', async () => {
  await page.goto(`${app.server.url}/app/`);
  await heading('Logg på');
  await page.getByText('Ingen kan logge på ennå.').waitFor();
  expect(await faultsOf(page, 'nb')).toEqual([]);
  await page.goto(`${app.server.url}/app/setup`);
  await heading('Sett opp tilgangen din');
  await page.getByText('Adressen mangler koden i lenken.').waitFor();
  expect(await faultsOf(page, 'nb')).toEqual([]);
});

test('the link of the console makes the first operator, and then never again', async () => {
  await page.goto('about:blank');
  await page.goto(app.firstLink);
  await page.getByText('Du er den første administratoren').waitFor();
  await field(/^Navn/).fill('Kari Nordmann');
  await field(/^Nytt passord/).fill('Kari Nordmann 1');
  await field(/^Gjenta passordet/).fill('Kari Nordmann 2');
  await page.getByText('De to passordene er ulike.').waitFor();
  await field(/^Gjenta passordet/).fill('Kari Nordmann 1');
  await button('Lagre passordet og logg på').click();
  await page.getByText('Velg et annet passord').waitFor();
  expect(await faultsOf(page, 'nb')).toEqual([]);
  await field(/^Nytt passord/).fill(password);
  await field(/^Gjenta passordet/).fill(password);
  await button('Lagre passordet og logg på').click();
  await heading('Velkommen, Kari Nordmann');
  expect(page.url()).toBe(`${app.server.url}/app/`);

  await page.goto('about:blank');
  await page.goto(app.firstLink);
  await page.getByText('Lenken er brukt eller utløpt.').waitFor();
});

test('signing out ends the session, and a password begins another one', async () => {
  await opened.goTo('/');
  const [before] = await opened.context.cookies();
  expect(before).toMatchObject({
    name: '__Host-portvakt',
    httpOnly: true,
    secure: true,
    sameSite: 'Strict',
    path: '/',
  });
  await button('Konto').click();
  await page.getByRole('menuitem', { name: 'Logg av' }).click();
  await heading('Logg på');
  expect(await opened.context.cookies()).toEqual([]);
  expect(await faultsOf(page, 'nb')).toEqual([]);

  await field(/^Navn/).fill('kari nordmann');
  await field(/^Passord/).fill('blåbær på myra 1814');
  await button('Logg på').click();
  await page.getByText('Navn og passord passer ikke sammen.').waitFor();
  await field(/^Passord/).fill(password);
  await field(/^Passord/).press('Enter');
  await heading('Velkommen, Kari Nordmann');
  const [after] = await opened.context.cookies();
  expect(after?.value).not.toBe(before?.value);
});

test('a session that has ended on the server leads to the door, and back to where the person was', async () => {
  await opened.goTo('/app-registrations');
  await opened.context.clearCookies();
  await page.getByRole('link', { name: 'Demo ATS', exact: true }).click();
  await heading('Logg på');
  await field(/^Navn/).fill('Kari Nordmann');
  await field(/^Passord/).fill(password);
  await button('Logg på').click();
  await heading('Demo ATS');
});

test('an operator is made on a page, and the link that lets the person in is shown once', async () => {
  await opened.goTo('/operators');
  await button('Ny operatør').click();
  await field(/^Navn/).last().fill('Ola Leser');
  await button('Legg til').click();
  const link = await page.getByRole('textbox', { name: 'Verdi', exact: true }).inputValue();
  expect(link).toMatch(/\/app\/setup#token=[\w-]{43}$/);
  await page.getByRole('checkbox', { name: 'Jeg har lagret verdien' }).check();
  await button('Lukk').click();
  await page.getByText('Ola Leser').first().waitFor();
});

test('an operator is renamed, gets another role, is disabled and deleted; the last one with full power stays', async () => {
  await opened.goTo('/operators');
  await page.getByRole('link', { name: 'Ola Leser' }).first().click();
  await heading('Ola Leser');
  await field(/^Navn/).fill('Ola Rekrutterer');
  await page.getByRole('combobox', { name: /^Rolle/ }).selectOption('recruiting');
  await button('Lagre').click();
  await heading('Ola Rekrutterer');
  await button('Deaktiver').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Deaktiver' }).click();
  await button('Aktiver').click();
  await button('Deaktiver').waitFor();
  await button('Slett').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Slett' }).click();
  await heading('Operatører');
  await page.getByRole('link', { name: 'Ola Rekrutterer' }).waitFor({ state: 'detached' });

  await page.getByRole('link', { name: 'Kari Nordmann' }).first().click();
  await heading('Kari Nordmann');
  await page.getByRole('combobox', { name: /^Rolle/ }).selectOption('readOnly');
  await button('Lagre').click();
  await page.getByText(/somebody must be able to administer/).waitFor();
  await page.getByRole('combobox', { name: /^Rolle/ }).selectOption('full');
  await button('Slett').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Slett' }).click();
  await page
    .getByText(/somebody must be able to administer/)
    .last()
    .waitFor();
});

test('the own password is changed: the old one is asked for, and other browsers are signed out', async () => {
  const other = await opened.context.browser()?.newContext({ locale: 'nb-NO' });
  const elsewhere = await other?.newPage();
  if (other === undefined || elsewhere === undefined) throw new Error('no other browser');
  await elsewhere.goto(`${app.server.url}/app/`);
  await elsewhere.getByLabel(/^Navn/).fill('Kari Nordmann');
  await elsewhere.getByLabel(/^Passord/).fill(password);
  await elsewhere.getByRole('button', { name: 'Logg på', exact: true }).click();
  await elsewhere.getByRole('heading', { name: 'Velkommen, Kari Nordmann' }).waitFor();

  await button('Konto').click();
  await page.getByRole('menuitem', { name: 'Min konto' }).click();
  await heading('Min konto');
  const next = 'tyttebær i skogen 1905';
  await field(/^Nåværende passord/).fill('ikke det riktige 1');
  await field(/^Nytt passord/).fill(next);
  await field(/^Gjenta passordet/).fill(next);
  await button('Bytt passord').click();
  await page.getByText('Det nåværende passordet er feil.').waitFor();
  await field(/^Nåværende passord/).fill(password);
  await button('Bytt passord').click();
  await page.getByText('Passordet er byttet.').first().waitFor();
  await opened.goTo('/operators');
  await page.getByRole('link', { name: 'Kari Nordmann' }).first().waitFor();
  await elsewhere.goto(`${app.server.url}/app/`);
  await elsewhere.getByRole('heading', { name: 'Logg på' }).waitFor();
  await other.close();
});

test('a passkey is added, signs in, and is removed; who comes by a link may make one in the place of a password', async () => {
  const devices = await opened.context.newCDPSession(page);
  await devices.send('WebAuthn.enable');
  const authenticator = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
  } as const;
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: { ...authenticator, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await opened.goTo('/account');
  await button('Legg til passnøkkel').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^Navn/).fill('Bærbar');
  await dialog.getByLabel(/^Nåværende passord/).fill('tyttebær i skogen 1905');
  await button('Legg til').click();
  await page.getByRole('definition').filter({ hasText: 'Bærbar' }).waitFor();

  await button('Konto').click();
  await page.getByRole('menuitem', { name: 'Logg av' }).click();
  await heading('Logg på');
  await button('Logg på med passnøkkel').click();
  await page.getByRole('heading', { level: 1 }).filter({ hasNotText: 'Logg på' }).waitFor();
  await opened.goTo('/account');
  await button('Slett Bærbar').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Slett' }).click();
  await page.getByText('Du har ingen passnøkkel.').waitFor();

  await opened.goTo('/operators');
  await button('Ny operatør').click();
  await page.getByRole('dialog').getByLabel(/^Navn/).fill('Siri Nøkkel');
  await button('Legg til').click();
  const link = await page.getByRole('textbox', { name: 'Verdi', exact: true }).inputValue();
  await opened.context.clearCookies();
  await page.goto('about:blank');
  await page.goto(link);
  await button('Bruk en passnøkkel i stedet').click();
  await heading('Velkommen, Siri Nøkkel');
});

test('who has signed in elsewhere is led back to where they were, and who is nobody here is told so', async () => {
  // The issuer's certificate is of a CA that this browser does not know.
  const elsewhere = await opened.context.browser()?.newContext({ locale: 'nb-NO', ignoreHTTPSErrors: true });
  const tab = await elsewhere?.newPage();
  if (elsewhere === undefined || tab === undefined) throw new Error('no other browser');
  const signIn = async (sub: string): Promise<void> => {
    issuer.person = { sub };
    await tab.goto(`${app.server.url}/app/operators`);
    await tab.getByRole('link', { name: 'Logg på med Nordlys' }).click();
  };
  await signIn('mallory');
  await tab.getByText('Du er pålogget et annet sted, men ingen har gitt deg tilgang her.').waitFor();
  expect(await faultsOf(tab, 'nb')).toEqual([]);
  await signIn('kari-1814');
  await tab.getByRole('heading', { name: 'Operatører', level: 1 }).waitFor();
  expect(tab.url()).toBe(`${app.server.url}/app/operators`);
  await elsewhere.close();
});

test('neither cookie nor token can be read by scripts, or lies about', async () => {
  expect(await page.evaluate('document.cookie')).toBe('');
  expect(await page.evaluate('JSON.stringify([localStorage, sessionStorage])')).not.toMatch(/[\w-]{43}/);
});
