import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminProblems } from '../src/admin/problems.ts';
import { settingNames } from '../src/config.ts';
import { type LogFields, silentLog } from '../src/kernel/log.ts';
import { builtInModel } from '../src/metadata/built-in.ts';
import { fidelityRules } from '../src/odata/fidelity.ts';
import { signInProblems } from '../src/sign-in/problems.ts';
import { tokenProblems } from '../src/token/problems.ts';
import { type LeftOut, leftOut } from './support/left-out.ts';
import { commandsOf, hasForm, headingsOf, linksOf } from './support/markdown.ts';
import { closeRepositoryView, openRepositoryView, runSession } from './support/page-shell.ts';
import { startTestServer, type TestServer } from './support/server.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const filesIn = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file))
    .sort();

const docs = filesIn('docs', '.md');
const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'examples/README.md', ...docs];
const withCommands = ['README.md', ...docs].filter((page) => commandsOf(read(page)).length > 0);

describe('commands of a page', () => {
  let server: TestServer;
  let view: string;
  let logFile: string | undefined;
  /** What `npm start | tee data/portvakt.log` leaves of warnings. */
  const log = {
    ...silentLog,
    warn(msg: string, fields: LogFields = {}) {
      if (logFile !== undefined) appendFileSync(logFile, `${JSON.stringify({ ...fields, msg })}\n`);
    },
  };
  beforeAll(async () => {
    server = await startTestServer('sqlite', { PORTVAKT_WEBHOOK_NETWORKS: '127.0.0.1' }, log);
    view = await openRepositoryView(root, server.dataFolder);
    logFile = join(server.dataFolder, 'portvakt.log');
  });
  afterAll(async () => {
    await closeRepositoryView(view);
    await server.close();
  });

  test('the pages that must have some do', () => {
    expect(withCommands).toEqual(expect.arrayContaining(['README.md', 'docs/connect-an-ats.md', 'docs/web-api.md']));
  });

  test.each(withCommands)('%s runs in one shell and prints what the page says', { timeout: 90_000 }, async (page) => {
    const blocks = commandsOf(read(page));
    const { exitCode, outputs } = await runSession(blocks, view);
    const different = outputs.flatMap((actual, index) => {
      const { output, line = 0 } = blocks[index] ?? {};
      return output === undefined || hasForm(actual, output) ? [] : [{ line, output, actual }];
    });
    expect(different).toEqual([]);
    const unfinished = outputs[blocks.length - 1] === undefined ? outputs.at(-1) : undefined;
    expect({ exitCode, unfinished }).toEqual({ exitCode: 0, unfinished: undefined });
  });
});

describe('what pages list', () => {
  const cellsOf = (page: string, pattern: RegExp): string[] =>
    [...read(page).matchAll(pattern)].map(([, name = '']) => name);

  test('docs/settings.md has every setting, and no other', () => {
    expect(cellsOf('docs/settings.md', /^\| `(PORTVAKT_\w+)` \|/gm).sort()).toEqual([...settingNames].sort());
  });

  test('docs/testing.md has every test that some way of running the suite leaves out, with its reason, and no other', () => {
    const [, after = ''] = read('docs/testing.md').split('Left out are:');
    const rows = (after.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('| `'));
    const told = Object.values<LeftOut>(leftOut).map(
      ({ ways, file, what, reason }) =>
        `| ${ways.map((way) => `\`${way}\``).join(', ')} | \`${file}\`${what === undefined ? '' : `: ${what}`} | ${reason} |`,
    );
    expect(rows.sort()).toEqual(told.sort());
  });

  test('docs/differs.md has every rule of fidelity, and no other', () => {
    expect(cellsOf('docs/differs.md', /^\| `([\w-]+)` \|/gm).sort()).toEqual(Object.keys(fidelityRules).sort());
  });

  test('docs/connect-an-ats.md has the forty tables in the order of the vendor, in the list and in the commands', () => {
    const tables = builtInModel().tables.filter((table) => table.sourceDocumentOrder !== undefined);
    const inOrder = tables.sort((one, other) => (one.sourceDocumentOrder ?? 0) - (other.sourceDocumentOrder ?? 0));
    const rows = inOrder.map(
      (table) => `${table.sourceDocumentOrder} | ${table.label} | ${table.labelNb} | ${table.logicalName}`,
    );
    expect(
      cellsOf('docs/connect-an-ats.md', /^\| (\d+ \| .+ \| .+ \| `\w+`) \|/gm).map((row) => row.replaceAll('`', '')),
    ).toEqual(rows);
    const inCommands = /^TABLES='([^']+)'/m.exec(read('docs/connect-an-ats.md'))?.[1] ?? '';
    expect(inCommands.trim().split(/\s+/)).toEqual(inOrder.map((table) => table.logicalName));
  });

  const webApiCode = /0x[0-9a-f]{8}/g;
  const sources = filesIn('src', '.ts')
    .map((file) => read(file))
    .join('\n');

  test('docs/refusals.md has every code of the Web API that the source has, and no other', () => {
    const inSource = new Set([...sources.matchAll(/'(0x[0-9a-f]{8})'/g)].map(([, code]) => code));
    expect([...new Set(read('docs/refusals.md').match(webApiCode))].sort()).toEqual([...inSource].sort());
  });

  test('docs/refusals.md has every AADSTS code of the authority, and no other', () => {
    const inSource = new Set(Object.values(tokenProblems).map(({ code }) => String(code)));
    expect([...new Set(cellsOf('docs/refusals.md', /AADSTS(\d+)/g))].sort()).toEqual([...inSource].sort());
  });

  test('docs/refusals.md has every code of /portvakt/v1, and no other', () => {
    const [, section = ''] = read('docs/refusals.md').split('## Administration of the installation');
    const rows = section.split('\n').filter((line) => /^\| \d{3} \|/.test(line));
    const listed = rows.flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, code]) => code));
    expect(listed.sort()).toEqual(Object.keys(adminProblems).sort());
  });

  test('docs/refusals.md has every code of the sign-in, and no other', () => {
    const [, after = ''] = read('docs/refusals.md').split('## Sign-in of the web app');
    const rows = (after.split('\n## ')[0] ?? '').split('\n').filter((line) => /^\| \d{3} \|/.test(line));
    const listed = rows.flatMap((line) => [...(line.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map(([, code]) => code));
    expect(listed.sort()).toEqual(Object.keys(signInProblems).sort());
  });

  test.each(['README.md', ...docs])('%s names only codes and settings that exist', (page) => {
    const text = read(page);
    expect((text.match(webApiCode) ?? []).filter((code) => !sources.includes(code))).toEqual([]);
    const known: readonly string[] = [...settingNames, 'PORTVAKT_TEST_DATABASE_URL', 'PORTVAKT_TEST_CHROMIUM'];
    expect((text.match(/PORTVAKT_[A-Z_]+/g) ?? []).filter((name) => !known.includes(name))).toEqual([]);
  });
});

describe('links', () => {
  const relativeLinks = (page: string) => linksOf(read(page)).filter((link) => !/^[a-z]+:/.test(link));

  test('there are some', () => {
    expect(pages.flatMap(relativeLinks).length).toBeGreaterThan(40);
  });

  test.each(pages)('%s leads to files and headings that exist', (page) => {
    const broken = relativeLinks(page).filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? page : relative(root, join(root, dirname(page), path));
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !headingsOf(read(target)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('every page of docs is reached from the README of its folder', () => {
    const reached = ['docs/README.md', 'docs/decisions/README.md'].flatMap((index) =>
      relativeLinks(index).map((link) => join(dirname(index), link)),
    );
    expect(docs.filter((page) => !page.endsWith('README.md') && !reached.includes(page))).toEqual([]);
  });
});
