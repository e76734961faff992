import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { OperatorRole, Session } from '../../../src/admin/contract.ts';
import { startServerOn, type TestServer } from '../../support/server-on.ts';
import { openChromium } from './chromium.ts';

const root = join(import.meta.dirname, '..', '..', '..');

export interface Look {
  readonly language: 'en' | 'nb';
  readonly theme: 'light' | 'dark';
  readonly width: 390 | 1440;
}

/** The built web app on a server with the demo organisation, and a browser. */
export interface OpenApp {
  readonly server: TestServer;
  readonly browser: Browser;
  /** A page of somebody who is signed in. What the page throws or refuses by its policy is in `faults`. */
  open(look: Look, role?: OperatorRole): Promise<OpenPage>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];
  /** Goes to an address of the app and waits until nothing is loaded any more. */
  goTo(path: string): Promise<void>;
}

/** Builds what is not built, then starts both. */
export async function openApp(databaseUrl?: string): Promise<OpenApp> {
  await promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);
  const server = await startServerOn(databaseUrl);
  const browser = await openChromium(await publicKeyOf(server));
  return {
    server,
    browser,
    open: (look, role = 'full') => openPage(server, browser, look, role),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** The server's certificate is of a CA of its own: what Chromium is told to trust is its public key, hashed. */
async function publicKeyOf({ url, ca }: TestServer): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  if (key === undefined) throw new Error('the server has shown no certificate');
  return createHash('sha256').update(key).digest('base64');
}

async function openPage(server: TestServer, browser: Browser, look: Look, role: OperatorRole): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    locale: look.language === 'nb' ? 'nb-NO' : 'en-GB',
    timezoneId: 'Europe/Oslo',
  });
  await signIn(context, server, role);
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  const goTo = async (path: string): Promise<void> => {
    if (page.url() === 'about:blank') await page.goto(`${server.url}/app${path}`);
    // As a link does: the scripts are there already.
    else await page.evaluate(`history.pushState(null, '', '/app${path}')`);
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await page.locator('h1').first().waitFor();
  };
  return { page, context, faults, goTo };
}

/** The tokens of the demo's administrator take the place of a session: each surface wants its own. */
async function signIn(context: BrowserContext, server: TestServer, role: OperatorRole): Promise<void> {
  const scopes = {
    '/api/': `${server.url}/.default`,
    '/portvakt/': `${server.url}/.default`,
    '/data/': `${server.url}/data/.default`,
    '/v1.0/': 'https://graph.microsoft.com/.default',
  };
  for (const [prefix, scope] of Object.entries(scopes)) {
    await context.route(
      (url) => url.pathname.startsWith(prefix),
      async (route) => {
        const headers = { ...route.request().headers(), authorization: `Bearer ${await server.token('admin', scope)}` };
        await route.continue({ headers });
      },
    );
  }
  const session: Session = {
    user: { id: 'test', name: 'Kari Nordmann', role, hasPasskey: false, hasPassword: true },
    csrfToken: 'test',
    environment: { name: 'Nordlys', uniqueName: 'nordlys', url: server.url, tenantId: server.env.TENANT_ID },
    expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
  };
  await context.route('**/portvakt/v1/session', (route) => route.fulfill({ json: session }));
}
