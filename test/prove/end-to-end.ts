import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { root } from '../support/process.ts';

/** The end-to-end tests with something else between the servers and their database; they bring their own PostgreSQL. */
export async function proveEndToEnd(
  databaseUrl: string | undefined,
  settings: Readonly<Record<string, string>>,
): Promise<boolean> {
  // The tests go to both databases; once is enough.
  if (databaseUrl === undefined) return true;
  const vitest = createRequire(import.meta.url).resolve('vitest/vitest.mjs');
  const child = spawn(process.execPath, [vitest, 'run', 'test/e2e'], {
    cwd: root,
    env: { ...process.env, ...settings },
    stdio: 'inherit',
  });
  return (await new Promise((resolve) => child.once('exit', resolve))) === 0;
}
