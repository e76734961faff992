import type { OpenPage } from './app.ts';

const operator = { name: 'Kari Nordmann', password: 'multer på myra 1814' } as const;

/** Opens the one-time link of the console and sets name and password: whoever opened the page is signed in with full power. */
export async function becomeFirstOperator({ page }: OpenPage, firstLink: string): Promise<void> {
  await page.goto(firstLink);
  await page.getByLabel(/^(Navn|Name)/).fill(operator.name);
  await page.getByLabel(/^(Nytt passord|New password)/).fill(operator.password);
  await page.getByLabel(/^(Gjenta passordet|Repeat the password)/).fill(operator.password);
  await page.getByRole('button', { name: /^(Lagre passordet og logg på|Set the password and sign in)$/ }).click();
  await page.getByRole('heading', { name: new RegExp(`(Velkommen|Welcome), ${operator.name}`), level: 1 }).waitFor();
}
