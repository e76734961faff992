import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestServer } from '../../support/server-on.ts';

const folder = join(import.meta.dirname, '..', '..', '..', 'admin-ui', 'src', 'screens');

/** Paths of all screens, as they stand in the lists of the areas. */
export const screenPaths: readonly string[] = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => /screens\.ts$/.test(file))
  .flatMap((file) => [...readFileSync(join(folder, file), 'utf8').matchAll(/\bpath: '([^']+)'/g)])
  .map((match) => match[1] ?? '');

/** For each parameter of a path: the demo's row that the screen is looked at with. */
const parameters: Readonly<Record<string, (server: TestServer) => Promise<string>>> = {};

/** The address of a screen with rows of the demo in the place of its parameters. */
export async function addressOf(path: string, server: TestServer): Promise<string> {
  let address = path;
  for (const [whole, name = ''] of path.matchAll(/:(\w+)/g)) {
    const find = parameters[name];
    if (find === undefined) throw new Error(`test/browser/support/screens.ts has no row for the parameter ${whole}`);
    address = address.replace(whole, encodeURIComponent(await find(server)));
  }
  return address;
}
