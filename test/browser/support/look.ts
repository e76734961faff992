import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { english } from '../../../admin-ui/src/i18n/en.ts';
import { norwegian } from '../../../admin-ui/src/i18n/nb.ts';

interface Looked {
  readonly pageScrollsSideways: boolean;
  readonly clipped: readonly string[];
  readonly sticksOut: readonly string[];
  readonly covered: readonly string[];
  readonly broken: readonly string[];
  readonly texts: readonly string[];
}

/** English texts that are not Norwegian ones too. */
const englishOnly: ReadonlySet<string> = (() => {
  const formsOf = (messages: object): readonly string[] =>
    Object.values(messages).flatMap((message: unknown) =>
      typeof message === 'string' ? [message] : Object.values(message as Readonly<Record<string, string>>),
    );
  const both = new Set(formsOf(norwegian));
  return new Set(formsOf(english).filter((text) => !both.has(text)));
})();

const inPage = await readFile(join(import.meta.dirname, 'look-in-page.mjs'), 'utf8');

/** What is wrong with the page as it stands, in words; nothing where all is well. */
export async function faultsOf(page: Page, language: 'en' | 'nb'): Promise<string[]> {
  await page.evaluate(inPage);
  const looked = await page.evaluate<Looked>('portvaktLook()');
  const untranslated = language === 'nb' ? looked.texts.filter((text) => englishOnly.has(text)) : [];
  return [
    ...(looked.pageScrollsSideways ? ['the page scrolls sideways'] : []),
    ...looked.clipped.map((each) => `clipped: ${each}`),
    ...looked.sticksOut.map((each) => `sticks out: ${each}`),
    ...looked.covered.map((each) => `covered: ${each}`),
    ...looked.broken.map((each) => `broken in the middle of the word: ${each}`),
    ...untranslated.map((each) => `not translated: ${each}`),
    ...(await barriersOf(page)),
  ];
}

/**
 * What axe-core finds against WCAG 2.2 A and AA, and its best practices. The component library's markers of the edges of
 * lists, which pass the focus on by themselves, are no content.
 *
 * @param upon what is open upon the page: targets that it covers in part are no barriers, for they are not to be pressed then
 */
export async function barriersOf(page: Page, upon?: string): Promise<string[]> {
  await page.evaluate(axe.source);
  const options = JSON.stringify({
    resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  });
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run({ exclude: ['[data-tabster-dummy]'] }, ${options})`,
  );
  const isBeneath = async (selector: unknown): Promise<boolean> =>
    upon !== undefined &&
    !(await page.evaluate(
      `document.querySelector(${JSON.stringify(selector)})?.closest(${JSON.stringify(upon)}) != null`,
    ));
  for (const violation of violations.filter(({ id }) => id === 'target-size')) {
    const beneath = await Promise.all(violation.nodes.map(({ target }) => isBeneath(target[0])));
    violation.nodes = violation.nodes.filter((_, at) => beneath[at] !== true);
  }
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html, failureSummary }) => `axe ${id}: ${html.slice(0, 200)} ${failureSummary ?? ''}`),
  );
}
