// A person without a mouse: everything by Tab, Enter, Escape and the arrows, and at each step the focus is somewhere and seen.
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp, password, picture } from './support/app.ts';
import { controlsOf } from './support/controls.ts';
import { Keyboard } from './support/keyboard.ts';

let app: OpenApp;
let opened: OpenPage;
let page: Page;
let keyboard: Keyboard;
beforeAll(async () => {
  app = await openApp();
  await app.signIn('full');
  opened = await app.open({ language: 'en', theme: 'light', width: 1440 }, 'nobody');
  page = opened.page;
  keyboard = new Keyboard(page);
  const made = await app.server.api('businessunits?$select=name', { as: 'admin' });
  const [root] = (made.json() as { value: { businessunitid: string }[] }).value;
  const parent = { 'parentbusinessunitid@odata.bind': `/businessunits(${root?.businessunitid})` };
  await app.server.api('businessunits', { as: 'admin', method: 'POST', body: { name: 'Nord', ...parent } });
});
afterEach((context) => picture(page, context));
afterAll(async () => {
  await opened?.context.close();
  await app?.close();
});

const { heading } = controlsOf(() => page);

test('signs in', async () => {
  await page.goto(`${app.server.url}/app/business-units`);
  await heading('Sign in');
  await keyboard.tabTo('Name');
  await keyboard.type('Kari Nordmann');
  await keyboard.tabTo('Password');
  await keyboard.type(password);
  await page.keyboard.press('Enter');
  await heading('Business units');
});

test('passes the menu by, searches a list, and opens a row', async () => {
  await keyboard.tabTo('Skip to the content');
  await keyboard.press('Enter');
  await keyboard.tabTo('Search');
  await keyboard.type('nord');
  await keyboard.tabTo('Business units');
  const row = page.getByRole('row', { name: 'Nord', exact: false }).filter({ hasText: /^Nord(?!lys)/ });
  await row.waitFor();
  const rows = await page.getByRole('row').allTextContents();
  for (let at = 1; at <= rows.findIndex((text) => /^Nord(?!lys)/.test(text)); at++) await keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await heading('Nord');
  await keyboard.isSeen();
});

test('edits and saves', async () => {
  await keyboard.tabTo('Name (must be filled in)');
  await keyboard.press('End');
  await keyboard.type(' og vest');
  await keyboard.tabTo('Save');
  await keyboard.press('Enter');
  await heading('Nord og vest');
  await keyboard.isSeen();
});

test('is asked before what is hard to undo, stays in the question, and is back where it was asked', async () => {
  await keyboard.tabTo('Deactivate', 'Shift+Tab');
  await page.keyboard.press('Enter');
  const question = page.getByRole('alertdialog');
  await question.waitFor();
  for (let times = 0; times < 4; times++) {
    await keyboard.press('Tab');
    expect(await question.locator(':focus').count()).toBe(1);
  }
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  expect(await keyboard.isSeen()).toBe('Deactivate');
  await page.keyboard.press('Enter');
  await question.waitFor();
  await keyboard.tabTo('Cancel');
  await page.keyboard.press('Enter');
  await question.waitFor({ state: 'detached' });
  expect(await keyboard.isSeen()).toBe('Deactivate');
  await page.keyboard.press('Enter');
  await question.waitFor();
  await keyboard.tabTo('Deactivate');
  await page.keyboard.press('Enter');
  // The button has become another one, under the same finger.
  await page.getByRole('button', { name: 'Activate', exact: true }).waitFor();
  expect(await keyboard.isSeen()).toBe('Activate');
});

test('chooses from a menu by arrows', async () => {
  await keyboard.tabTo('Appearance', 'Shift+Tab');
  await keyboard.press('Enter');
  await page.getByRole('menuitemradio').first().waitFor();
  await keyboard.press('ArrowDown');
  expect(await page.locator('[role=menuitemradio]:focus').count()).toBe(1);
  await page.keyboard.press('Escape');
  expect(await keyboard.isSeen()).toBe('Appearance');
});

test('goes through the menu of a phone, and closes it', async () => {
  await page.setViewportSize({ width: 390, height: 900 });
  await keyboard.tabTo('Menu', 'Shift+Tab');
  await keyboard.press('Enter');
  await keyboard.tabTo('Teams');
  await page.keyboard.press('Enter');
  await heading('Teams');
  await keyboard.isSeen();
  await keyboard.tabTo('Menu', 'Shift+Tab');
  await keyboard.press('Enter');
  await keyboard.tabTo('Start');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Menu', expanded: false }).waitFor();
  expect(await keyboard.isSeen()).toBe('Menu');
});
