import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenApp, type OpenPage, openApp } from './support/app.ts';
import { addressOf, screenPaths } from './support/screens.ts';
import { writeEverywhere } from './support/stored-script/write-everywhere.ts';

const look = { language: 'en', theme: 'light', width: 1440 } as const;
/** The first one is of another site; the second one is of the same site, so that even strict cookies are sent. */
const evilOrigins = ['https://evil.example', 'https://localhost:9'] as const;

let app: OpenApp;
let opened: OpenPage;
beforeAll(async () => {
  app = await openApp();
  opened = await app.open(look);
  await opened.goTo('/');
});
afterAll(async () => {
  await opened?.context.close();
  await app?.close();
});

/**
 * The victim, signed in, is led to a page of somebody else. Chromium keeps other sites off this machine by itself, and would
 * hide what the server lets through: here it does not.
 */
async function lure(origin: string, html: string) {
  await opened.context.grantPermissions(['local-network-access'], { origin });
  const page = await opened.context.newPage();
  await page.route(`${origin}/**`, (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto(`${origin}/`);
  return page;
}

const operatorNames = async (): Promise<string[]> => {
  const answer = await app.server.ask('/portvakt/v1/operators', { as: 'admin' });
  return (answer.json() as { value: { name: string }[] }).value.map(({ name }) => name);
};

describe.each(evilOrigins)('a page of %s', (origin) => {
  test('cannot frame the web app, nor what the surfaces answer', async () => {
    const { url } = app.server;
    const paths = ['/app/', '/app/app-registrations', '/portvakt/v1/session', '/api/data/v9.2/WhoAmI'];
    const frames = paths.map((path) => `<iframe src="${url}${path}"></iframe>`).join('');
    const page = await lure(origin, `<!doctype html>${frames}`);
    await page.waitForLoadState('load');
    const [, ...framed] = page.frames();
    const texts = await Promise.all(framed.map((frame) => frame.locator('body').textContent()));
    expect(texts.join(' ')).not.toMatch(/Kari|Nordlys|UserId/);
    expect(framed.slice(0, 2).map((frame) => frame.url())).toEqual(Array(2).fill('chrome-error://chromewebdata/'));
    await page.close();
  });

  test('cannot send a form or a request in the operator’s name, nor read an answer', async () => {
    const before = await operatorNames();
    const page = await lure(origin, '<!doctype html><h1>Win a phone</h1>');
    const body = JSON.stringify({ name: 'Mallory', role: 'full' });
    const attempts = [
      ['POST', '/portvakt/v1/operators', { 'Content-Type': 'text/plain' }, body],
      ['POST', '/portvakt/v1/operators', { 'Content-Type': 'application/json' }, body],
      ['POST', '/portvakt/v1/operators', { 'Content-Type': 'application/json', 'X-Portvakt-CSRF': 'x' }, body],
      ['DELETE', '/portvakt/v1/session', {}, undefined],
      ['GET', '/portvakt/v1/session', {}, undefined],
      ['GET', '/api/data/v9.2/WhoAmI', {}, undefined],
    ] as const;
    for (const [method, path, headers, sent] of attempts) {
      const send = { method, headers, credentials: 'include', ...(sent === undefined ? {} : { body: sent }) };
      const read = `fetch(${JSON.stringify(app.server.url + path)}, ${JSON.stringify(send)}).then(() => 'read', () => 'refused')`;
      expect(await page.evaluate(read)).toBe('refused');
    }
    await page.setContent(
      `<form method="post" enctype="text/plain" action="${app.server.url}/portvakt/v1/operators"><input name='{"name":"Mallory","role":"full","x":"' value='"}'></form>`,
    );
    await Promise.all([page.waitForNavigation(), page.evaluate('document.forms[0].submit()')]);
    expect(await page.locator('body').textContent()).toMatch(/wrongOrigin|tokenInvalid/);
    await page.close();
    expect(await operatorNames()).toEqual(before);
    await opened.page.reload();
    await opened.page.getByRole('heading', { name: /Kari Nordmann/ }).waitFor();
  });
});

/** Why a field may refuse a text. Whatever else a surface says is a fault, and stands in the failure. */
const mayRefuse = [
  '405',
  'cannot be changed',
  'made by the system',
  'not beside other values',
  'not in a related table',
  'not of that form',
  'too long',
];

test('a script that is stored in any text field is shown as text on every screen', { timeout: 180_000 }, async () => {
  const script = '<img src=x onerror=hacked=1>';
  // Where a role is named in the address, it has another name by then.
  const paths = screenPaths.filter((path) => !path.startsWith('/simulate?gate=dataverse'));
  const addresses = await Promise.all(paths.map((path) => addressOf(path, app.server)));
  const { taken, refused } = await writeEverywhere(app.server, await app.signIn('full'), script);
  expect(Object.keys(refused).sort()).toEqual(mayRefuse);
  expect(taken.size).toBeGreaterThan(290);
  const { server } = app;
  const denied = await server.api(`mshr_hcmskillentities?$filter=${encodeURIComponent(`x eq '${script}'`)}`);
  await opened.page.evaluate('window.hacked = undefined');
  await opened.page.reload();
  opened.faults.length = 0;
  let shown = 0;
  for (const path of [...addresses, `/explain?request=${denied.headers['req_id']}`]) {
    await opened.goTo(path);
    const seen = await opened.page.evaluate(`({
      hacked: window.hacked,
      images: document.querySelectorAll('img[src=x]').length,
      texts: document.body.innerText.split(${JSON.stringify(script)}).length - 1,
    })`);
    const { texts, ...ran } = seen as { texts: number; hacked: unknown; images: number };
    shown += texts;
    // Neither run, nor made an element that only the policy of the page has stopped.
    expect({ path, ...ran, faults: opened.faults }).toEqual({ path, hacked: undefined, images: 0, faults: [] });
  }
  expect(shown).toBeGreaterThan(100);
});
