import type { Page } from 'playwright-core';
import type { OpenApp } from './app.ts';
import { addressOf, screenPaths } from './screens.ts';

/** What the surfaces answer while a screen is opened, and what must stand on it then. */
interface State {
  /** `undefined`: nothing at all. */
  readonly answer: { readonly status: number; readonly body: object } | undefined;
  readonly sees: (page: Page) => Promise<unknown>;
}

const refusal = (code: string, message: string) => ({ error: { code, message } });
const alert = (page: Page, text: string): Promise<void> =>
  page.getByRole('alert').filter({ hasText: text }).first().waitFor();

export const states = {
  waiting: {
    answer: undefined,
    sees: (page) => page.locator('main [aria-busy=true], main input:not([type=search])').first().waitFor(),
  },
  broken: {
    answer: { status: 500, body: refusal('0x80040216', 'An unexpected error occurred.') },
    sees: async (page) => {
      await alert(page, 'An unexpected error occurred.');
      await page.getByRole('button', { name: 'Try again' }).first().waitFor();
    },
  },
  refused: {
    answer: { status: 403, body: refusal('0x80040220', 'The user lacks a privilege.') },
    sees: (page) => alert(page, 'You do not have access to this page.'),
  },
  empty: {
    answer: { status: 200, body: { value: [], next: null } },
    sees: (page) =>
      page
        .locator('main p')
        .filter({ hasText: /^(There is no|No |Nothing )/ })
        .first()
        .waitFor(),
  },
} as const satisfies Readonly<Record<string, State>>;

export type StateName = keyof typeof states;

/** Screens that ask nothing when they are opened: forms for something new, and questions. */
const silent: ReadonlySet<string> = new Set([
  '/',
  '/connect',
  '/explain',
  '/account',
  '/can-i',
  '/who-can',
  '/advice',
  '/simulate',
]);
const isList = (path: string): boolean => !/[:?]|\/(new|chain)$/.test(path);
const asksNothing = (path: string): boolean => silent.has(path) || path.endsWith('/new');

/**
 * Opens every screen that asks something while the surfaces answer so; with a `share` above 1 only every so manieth of them.
 * Says which do not show it.
 */
export async function lookAtState(app: OpenApp, name: StateName, share = 1): Promise<string[]> {
  const { answer, sees }: State = states[name];
  const { context, page } = await app.open({ language: 'en', theme: 'light', width: 1440 });
  page.setDefaultTimeout(30_000);
  await page.goto(`${app.server.url}/app/`);
  await page.locator('h1').first().waitFor();
  const missing: string[] = [];
  const asked = screenPaths.filter((path) => !asksNothing(path) && (name !== 'empty' || isList(path)));
  for (const path of asked.filter((_, at) => at % share === 0)) {
    const address = await addressOf(path, app.server);
    await page.route(/\/(api\/data|data|v1\.0|portvakt\/v1)\//, (route) => {
      if (/\/portvakt\/v1\/session/.test(route.request().url())) return route.fallback();
      if (answer === undefined) return;
      const { status, body } = answer;
      return route.fulfill({ status, contentType: 'application/json', body: JSON.stringify(body) });
    });
    await page.evaluate(`history.pushState(null, '', '/app${address}')`);
    await sees(page).catch(() => missing.push(`${path}: ${name} is not shown`));
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  }
  await context.close();
  return missing;
}
