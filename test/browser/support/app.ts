import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { TestContext } from 'vitest';
import type { OperatorRole } from '../../../src/admin/contract.ts';
import type { Engine } from '../../support/database.ts';
import { recordingLog } from '../../support/recording-log.ts';
import { type EmptyServer, startEmptyServer } from '../../support/server.ts';
import { startServerOn, type TestServer } from '../../support/server-on.ts';
import { inviteOperator, lastLink, Browser as Person } from '../../support/web-app-browser.ts';
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
  /** The one-time link of the first operator, until somebody is signed in. */
  readonly firstLink: string;
  /** A page of somebody who is signed in with a role, or of nobody. What the page throws or refuses by its policy is in `faults`. */
  open(look: Look, role?: OperatorRole | 'nobody'): Promise<OpenPage>;
  /** Somebody of that role in another browser, who keeps to requests. */
  signIn(role: OperatorRole): Promise<Person>;
  close(): Promise<void>;
}

export interface OpenPage {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly faults: string[];
  /** Goes to an address of the app and waits until nothing is loaded any more. */
  goTo(path: string): Promise<void>;
}

/**
 * For `afterEach`: a picture of the page that a test has failed on, beside those of the screens. Then the page begins anew:
 * a dialog that stayed open would fail every test after it.
 */
export async function picture(page: Page, { task }: TestContext): Promise<void> {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replace(/\W+/g, '-').slice(0, 80);
  await page.screenshot({ path: join(root, 'screenshots', 'failed', `${name}.png`) });
  await page.goto(new URL('/app/', page.url()).href);
}

const buildApp = () => promisify(execFile)(process.execPath, [join(root, 'scripts', 'build.mjs')]);

/** Builds what is not built, then starts both. */
export async function openApp(databaseUrl?: string, settings: Readonly<Record<string, string>> = {}): Promise<OpenApp> {
  await buildApp();
  const log = recordingLog();
  const server = await startServerOn(databaseUrl, settings, log);
  const firstLink = lastLink(log);
  const people = new People(server, firstLink);
  const browser = await openChromium(await publicKeyOf(server));
  return {
    server,
    browser,
    firstLink,
    open: async (look, role = 'full') => {
      const cookie = role === 'nobody' ? undefined : (await people.signIn(role)).cookie;
      return openPage(server, browser, look, cookie);
    },
    signIn: (role) => people.signIn(role),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** The same on an organisation with nothing in it, to which nobody was let in: the one-time link is the only way. */
export interface OpenEmptyApp {
  readonly server: EmptyServer;
  readonly firstLink: string;
  open(look: Look): Promise<OpenPage>;
  close(): Promise<void>;
}

export async function openEmptyApp(engine: Engine): Promise<OpenEmptyApp> {
  await buildApp();
  const log = recordingLog();
  const server = await startEmptyServer(engine, {}, log);
  const browser = await openChromium(await publicKeyOf(server));
  return {
    server,
    firstLink: lastLink(log),
    open: (look) => openPage(server, browser, look, undefined),
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** The server's certificate is of a CA of its own: what Chromium is told to trust is its public key, hashed. */
async function publicKeyOf({ url, ca }: Pick<TestServer, 'url' | 'ca'>): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ca });
  await once(socket, 'secureConnect');
  const key = socket.getPeerX509Certificate()?.publicKey.export({ type: 'spki', format: 'der' });
  socket.destroy();
  if (key === undefined) throw new Error('the server has shown no certificate');
  return createHash('sha256').update(key).digest('base64');
}

async function openPage(
  server: Pick<TestServer, 'url'>,
  browser: Browser,
  look: Look,
  cookie: string | undefined,
): Promise<OpenPage> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 900 },
    colorScheme: look.theme,
    reducedMotion: 'reduce',
    locale: look.language === 'nb' ? 'nb-NO' : 'en-GB',
    timezoneId: 'Europe/Oslo',
  });
  if (cookie !== undefined) {
    const [name = '', value = ''] = cookie.split('=');
    const traits = { httpOnly: true, secure: true, sameSite: 'Strict' } as const;
    await context.addCookies([{ name, value, url: server.url, ...traits }]);
  }
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  // The first page brings all scripts, on a machine that may be busy.
  page.setDefaultNavigationTimeout(30_000);
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
    // What the screen itself asks for begins when it is there.
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
  };
  return { page, context, faults, goTo };
}

/** Signs operators in as the page does, each with a session of its own; the first one is made by the one-time link. */
class People {
  readonly #server: TestServer;
  readonly #link: string;
  readonly #made = new Map<OperatorRole, Promise<unknown>>();

  constructor(server: TestServer, link: string) {
    this.#server = server;
    this.#link = link;
  }

  async signIn(role: OperatorRole): Promise<Person> {
    const made = this.#made.get(role) ?? this.#make(role);
    this.#made.set(role, made);
    await made;
    const person = new Person(this.#server);
    const answer = await person.signIn(names[role], password);
    if (answer.status !== 200) throw new Error(`nobody was signed in: ${answer.status} ${answer.text}`);
    return person;
  }

  async #make(role: OperatorRole): Promise<void> {
    if (role === 'full') await new Person(this.#server).setUp(this.#link, names.full, password);
    else await inviteOperator(await this.signIn('full'), names[role], role, password);
  }
}

/** Of all operators that `openApp` makes. */
export const password = 'blåbær på fjellet 1928';
const names: Readonly<Record<OperatorRole, string>> = {
  full: 'Kari Nordmann',
  readOnly: 'Ola Leser',
  recruiting: 'Siri Rekrutterer',
};
