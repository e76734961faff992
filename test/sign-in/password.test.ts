import { expect, test } from 'vitest';
import { hashPassword, isPassword } from '../../src/sign-in/password.ts';

/** Milliseconds of a processor that the work takes on all threads: unlike the clock's, a busy machine adds none. */
async function workOf(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  for (let times = 0; times < 3; times++) await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

test('a name that there is not costs as much as one that there is, so that the time does not tell', async () => {
  const kept = await hashPassword('blåbær på fjellet 1928', 'Kari');
  const guess = (of: string | undefined) => () => isPassword('wrong password 123', of);
  // What is compared with instead is made once.
  await guess(undefined)();
  const [known, unknown] = [await workOf(guess(kept)), await workOf(guess(undefined))];
  expect(known).toBeGreaterThan(10);
  expect(unknown).toBeGreaterThan(known / 2);
});
