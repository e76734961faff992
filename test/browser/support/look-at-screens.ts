import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { Look, OpenApp } from './app.ts';
import { faultsOf } from './look.ts';
import { addressOf, screenPaths } from './screens.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'screenshots');

/** Visits every screen, takes its picture (`screenshots/`, which git ignores), and says what is wrong with each. */
export async function lookAtScreens(app: OpenApp, look: Look): Promise<string[]> {
  const pictures = join(folder, `${look.language}-${look.theme}-${look.width}`);
  await mkdir(pictures, { recursive: true });
  const { context, page, faults, goTo } = await app.open(look);
  // Whether a screen is whole is asked here, not whether a busy machine is quick.
  page.setDefaultTimeout(60_000);
  const found: string[] = [];
  for (const path of screenPaths) {
    await page.setViewportSize({ width: look.width, height: 900 });
    await goTo(await addressOf(path, app.server));
    await growToContent(page, look.width);
    const name = path === '/' ? 'home' : path.slice(1).replaceAll(/[/?=]/g, '-').replaceAll(':', '');
    await page.screenshot({ path: join(pictures, `${name}.png`) });
    const wrong = [...(await faultsOf(page, look.language)), ...faults.splice(0)];
    found.push(...wrong.map((each) => `${path}: ${each}`));
  }
  await context.close();
  return found;
}

/** The content scrolls inside the page: the window is made as high as it, so that all of it is looked at. */
async function growToContent(page: Page, width: number): Promise<void> {
  const height = await page.evaluate<number>('document.querySelector("main").scrollHeight + 60');
  await page.setViewportSize({ width, height: Math.min(Math.max(900, height), 4000) });
}
