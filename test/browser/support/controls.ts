import type { Locator, Page } from 'playwright-core';

/** What tests of screens touch, by the words that stand on it. */
export interface Controls {
  button(text: string): Locator;
  /** A button of the dialog that is open: what stands behind it has such a button too, and is hidden a little late. */
  dialogButton(text: string): Locator;
  field(name: RegExp): Locator;
  /** Waits for the page of that title. */
  heading(text: string): Promise<void>;
  /** Types into a list of choices and takes the first that fits. */
  choose(name: string | RegExp, typed: string, option: string | RegExp): Promise<void>;
  /** Answers the question that was asked. */
  confirm(verb: string): Promise<void>;
}

/** @param page gives the page when it is needed: it is opened after the tests are declared */
export const controlsOf = (page: () => Page): Controls => ({
  button: (text) => page().getByRole('button', { name: text, exact: true }),
  dialogButton: (text) => page().getByRole('dialog').getByRole('button', { name: text, exact: true }),
  field: (name) => page().getByRole('textbox', { name }),
  heading: (text) => page().getByRole('heading', { name: text, exact: true, level: 1 }).waitFor(),
  async choose(name, typed, option) {
    await page().getByRole('combobox', { name }).pressSequentially(typed);
    await page().getByRole('option', { name: option, exact: true }).first().click();
  },
  confirm: (verb) => page().getByRole('alertdialog').getByRole('button', { name: verb, exact: true }).click(),
});
