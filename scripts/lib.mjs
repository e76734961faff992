// Shared by the scripts that a fresh clone runs before anything is installed: Node.js alone, no dependency.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const lockFile = join(root, 'package-lock.json');
const installedMark = join(root, 'node_modules', '.portvakt-lock');

export function fail(message) {
  console.error(message);
  process.exit(1);
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    fail(`Node.js ${process.versions.node} is too old: Portvakt needs 20.19 or later (https://nodejs.org)`);
  }
}

/** Runs a command in the project; its exit code. Windows needs the shell to find npm. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    ...options,
  });
  if (result.error) fail(`cannot run ${command}: ${result.error.message}`);
  return result.status ?? 1;
}

/** `npm ci`, unless node_modules already holds what the lock file says. */
export function install() {
  checkNode();
  const lock = readFileSync(lockFile, 'utf8');
  if (existsSync(installedMark) && readFileSync(installedMark, 'utf8') === lock) return;
  console.error('installing the locked dependencies (npm ci) ...');
  const status = run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
  if (status !== 0) fail('npm ci failed; see above. It needs the npm registry, and nothing else of the network');
  writeFileSync(installedMark, lock);
}

function newest(path) {
  if (!statSync(path).isDirectory()) return statSync(path).mtimeMs;
  return newestIn(path);
}

function newestIn(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    time = Math.max(time, entry.isDirectory() ? newestIn(path) : statSync(path).mtimeMs);
  }
  return time;
}

/** Compiles `src/` to `dist/`, and builds the web app, each unless it is newer than every source. */
export function build() {
  buildOnce('the server', '.built', ['src', 'tsconfig.json', 'tsconfig.build.json'], () =>
    run(process.execPath, [bin('typescript', 'tsc'), '-p', 'tsconfig.build.json']),
  );
  buildOnce('the web app', '.built-ui', ['admin-ui', 'src/admin/contract.ts', 'package-lock.json'], buildWebApp);
}

function buildOnce(what, markName, sources, work) {
  const mark = join(root, 'dist', markName);
  const changed = Math.max(...sources.map((source) => newest(join(root, source))));
  if (existsSync(mark) && statSync(mark).mtimeMs >= changed) return;
  console.error(`building ${what} ...`);
  if (work() !== 0) fail('the build failed; see above');
  writeFileSync(mark, '');
}

/** The web app, and how much of it a browser fetches before the first screen can be used. */
function buildWebApp() {
  // Under a test runner NODE_ENV is `test`, and React would come with all that helps developers.
  const status = run(
    process.execPath,
    [bin('vite', 'vite'), 'build', '--config', 'admin-ui/vite.config.ts', '--logLevel=warn'],
    { env: { ...process.env, NODE_ENV: 'production' } },
  );
  return status === 0 ? run(process.execPath, ['scripts/measure-ui.mjs']) : status;
}

/** Path of an installed package's command, so that no shell or PATH is needed. */
export function bin(packageName, command) {
  const folder = join(root, 'node_modules', packageName);
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const path = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin[command];
  return join(folder, path);
}

/** Replaces this process, as far as Node.js can: signals go through, the exit code comes back. */
export function become(args) {
  const child = spawn(process.execPath, args, { cwd: process.env.INIT_CWD ?? process.cwd(), stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1));
}
