// 'Connect an ATS', in English: from an organisation with nothing in it to the first call that works.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Download, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { parseEnvLines } from '../../src/kernel/env-file.ts';
import { run } from '../cli/run.ts';
import { root } from '../support/process.ts';
import { startEmptyServer } from '../support/server.ts';
import { type OpenEmptyApp, type OpenPage, openEmptyApp, picture } from './support/app.ts';
import { controlsOf } from './support/controls.ts';
import { FirstCall } from './support/first-call.ts';
import { becomeFirstOperator } from './support/first-operator.ts';
import { faultsOf } from './support/look.ts';

const name = "Nordlys & Søk's ATS";
const mostClicks = 11;

let app: OpenEmptyApp;
let opened: OpenPage;
let page: Page;
let call: FirstCall;
let folder: string;
let settings: ReadonlyMap<string, string>;
beforeAll(async () => {
  app = await openEmptyApp('postgres');
  opened = await app.open({ language: 'en', theme: 'light', width: 1440 });
  page = opened.page;
  call = new FirstCall(app.server);
  folder = await mkdtemp(join(tmpdir(), 'portvakt-connect-'));
});
afterEach((context) => picture(page, context));
afterAll(async () => {
  call?.stop();
  await app?.close();
  await rm(folder, { recursive: true });
});

const { button } = controlsOf(() => page);
const textOf = async (download: Download): Promise<string> => readFile(await download.path(), 'utf8');
const download = async (text: string): Promise<Download> =>
  (await Promise.all([page.waitForEvent('download'), button(text).click()]))[0];
const attempt = () => call.attempt(settings.get('CLIENT_ID') ?? '', settings.get('CLIENT_SECRET') ?? '');
const allDone = () => page.getByText('All steps are done.').waitFor();

test('an application is connected step by step, by fewer than twelve clicks', async () => {
  await becomeFirstOperator(opened, app.firstLink);
  // All that a person clicks from here on, the field to type in included.
  await page.evaluate(
    "window.clicks = 0; addEventListener('click', (event) => event.isTrusted && window.clicks++, true)",
  );
  await page.getByRole('navigation').getByRole('link', { name: 'Connect an ATS' }).click();
  await page.getByRole('textbox', { name: /^Display name/ }).click();
  await page.keyboard.type(name);
  await button('Register').click();
  const buttons = [
    'Create the secret',
    'Create',
    'Create the role',
    'Assign the role',
    'Create the user',
    'Assign roles',
    'Link',
  ];
  for (const [at, text] of buttons.entries()) {
    await page.getByText(at === 6 ? '1 of 8 steps is left.' : `${7 - at} of 8 steps are left.`).waitFor();
    await button(text).click();
  }
  await allDone();
  settings = parseEnvLines(await textOf(await download('Download .env')));
  expect(await attempt()).toBe(0);
  expect(await page.evaluate('window.clicks')).toBeLessThanOrEqual(mostClicks);
  expect(settings.get('API_URL')).toBe(app.server.url);
  expect(settings.get('AUTHORITY_URL')).toBe(`${app.server.url}/${app.server.tenantId}`);
});

test('the page itself calls as the application, and says what came of it', async () => {
  await button('Call').click();
  await page.getByText('The application sees 0 recruiting requests.').waitFor();
  expect(await faultsOf(page, 'en')).toEqual([]);
  await page.setViewportSize({ width: 390, height: 900 });
  expect(await faultsOf(page, 'en')).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test('the set-up file says what is there', async () => {
  const file = join(folder, 'ats.setup.yaml');
  await writeFile(file, await textOf(await download('Download the set-up file')));
  const cli = (...words: string[]) => run(words, { PORTVAKT_DATA: app.server.dataFolder });
  expect(await cli('plan', file)).toMatchObject({ code: 0, out: 'no difference\n' });
  await cli('role', 'withdraw', name, 'prvReadmshr_hcmtitleentity');
  expect((await cli('plan', file)).out).toContain('prvreadmshr_hcmtitleentity');
  expect(await cli('apply', file)).toMatchObject({ code: 0 });
});

test('the commands make the same of a place where nothing is', async () => {
  await page.getByText('Commands', { exact: true }).click();
  const commands = await page.locator('pre').first().textContent();
  const other = await startEmptyServer('sqlite');
  const script = `set -e; portvakt() { node dist/portvakt.js "$@"; }\n${commands}`;
  const environment = { PATH: process.env['PATH'], PORTVAKT_DATA: other.dataFolder };
  await promisify(execFile)('bash', ['-c', script], { cwd: root, env: environment });
  const file = join(folder, 'ats.setup.yaml');
  expect(await run(['plan', file], { PORTVAKT_DATA: other.dataFolder })).toMatchObject({ out: 'no difference\n' });
  await other.close();
});

test('the link of an application is changed and deleted on its page', async () => {
  await opened.goTo('/hr-applications');
  await page.getByRole('link', { name: settings.get('CLIENT_ID') ?? '' }).click();
  await page.getByRole('textbox', { name: /^Name/ }).fill('Renamed');
  await button('Save').click();
  await page.getByRole('heading', { name: 'Renamed', level: 1 }).waitFor();
  expect(await attempt()).toBe(0);
  await button('Delete').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  expect(await attempt()).toBe(0);
  await button('Delete').click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('heading', { name: 'Azure Active Directory applications', level: 1 }).waitFor();
  expect(await attempt()).toMatch(/was not found in Finance and Operations/);
});

test('what is half done goes on where it stopped, and says what is missing', async () => {
  const clientId = settings.get('CLIENT_ID') ?? '';
  await opened.goTo('/connect');
  await page.getByRole('combobox', { name: /^Or continue/ }).pressSequentially('Nordlys');
  await page.getByRole('option', { name: /Nordlys/ }).click();
  await page.getByText('1 of 8 steps is left.').waitFor();
  await page.getByText('Human Resources does not know the application.').waitFor();
  expect(page.url()).toContain(clientId);
  await button('Link').click();
  await allDone();
  // This page has not made the secret: it asks for it, and shows what a wrong one is answered.
  expect(await button('Call').isDisabled()).toBe(true);
  await page.getByLabel(/^Client secret/).fill('wrong');
  await button('Call').click();
  await page.getByText(/AADSTS7000215/).waitFor();
  await page.getByLabel(/^Client secret/).fill(settings.get('CLIENT_SECRET') ?? '');
  await button('Call').click();
  await page.getByText('The application sees 0 recruiting requests.').waitFor();
  expect(parseEnvLines(await textOf(await download('Download .env'))).has('CLIENT_SECRET')).toBe(false);
});

test('all that is left is done at once, after a question that says what', async () => {
  await opened.goTo('/connect');
  await page.getByRole('textbox', { name: /^Display name/ }).fill('Second ATS');
  await button('Register').click();
  await button('Do the 7 steps that are left').click();
  await page
    .getByRole('alertdialog')
    .getByText(/called Second ATS, the Human Resources user SecondATSApi/)
    .waitFor();
  await button('Do them').click();
  await allDone();
  settings = parseEnvLines(await textOf(await download('Download .env')));
  expect(await attempt()).toBe(0);
});

test('nothing of it was thrown, or refused by the policy of the page', () => {
  // The browser tells of the answer to the wrong secret, too.
  expect(opened.faults.filter((fault) => !fault.includes('401'))).toEqual([]);
});
