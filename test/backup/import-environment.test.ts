import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { holdPostgres } from '../../src/storage/hold-server.ts';
import { fileSchema } from '../../src/storage/sql/sqlite/binding.ts';
import { openConnection } from '../../src/storage/sql/sqlite/connection.ts';
import { lockFile } from '../../src/storage/sql/sqlite/lock.ts';
import { run } from '../cli/run.ts';
import { engines, makeDatabase, type TestDatabase } from '../support/database.ts';

describe.each(engines)('an exported environment on %s', { timeout: 60_000 }, (engine) => {
  let folder: string;
  let database: TestDatabase | undefined;
  let file: string;
  const cli = (...words: readonly string[]) =>
    run([...words, '--data', folder, ...(database === undefined ? [] : ['--database-url', database.url])]);
  const done = async (...words: readonly string[]): Promise<string> => {
    const { code, out, err } = await cli(...words);
    if (code !== exitCodes.ok) throw new Error(err);
    return out;
  };
  /** Runs a statement on the environment's database; `@` stands for its schema. */
  const change = async (sql: string): Promise<void> => {
    if (database !== undefined) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      await client.query(sql.replaceAll('@', 'env_nordlys.'));
      return client.end();
    }
    const connection = openConnection(join(folder, 'environments', 'nordlys.db'));
    connection.run(sql.replaceAll('@', `${fileSchema}.`));
    connection.close();
  };
  /** All lines but the first, which says when, and the last. */
  const linesOf = async (path: string): Promise<readonly string[]> =>
    gunzipSync(await readFile(path))
      .toString()
      .trimEnd()
      .split('\n')
      .slice(1, -1);
  /** Lines of the directory in a backup of everything. */
  const directoryOf = async (path: string): Promise<readonly string[]> => {
    const lines = await linesOf(path);
    const end = lines.findIndex((line) => line.startsWith('{"database":"environment:'));
    expect(end).toBeGreaterThan(0);
    return lines.slice(0, end);
  };
  let exports = 0;
  const exported = async (): Promise<string> => {
    const path = join(folder, `export-${++exports}.backup`);
    await done('environment', 'export', 'nordlys', '--out', path);
    return path;
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-import-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const settings = { PORTVAKT_SEED: 'empty', PORTVAKT_PORT: '0', PORTVAKT_DATA: folder };
    const url = database === undefined ? {} : { PORTVAKT_DATABASE_URL: database.url };
    expect(await run(['init'], { ...settings, ...url })).toMatchObject({ code: exitCodes.ok });
    file = await exported();
  });
  afterAll(async () => {
    await database?.drop();
    await rm(folder, { recursive: true });
  });

  test('takes the place of all rows of the environment, and of nothing else', async () => {
    const whole = join(folder, 'whole-before.backup');
    await done('backup', '--out', whole);
    await change('delete from @businessunit where 1 = 1');
    await change("update @systemuser set domainname = 'somebody else'");
    expect(await linesOf(await exported())).not.toEqual(await linesOf(file));
    const out = await done('environment', 'import', 'nordlys', '--from', file, '--replace');
    expect(out).toMatch(/^nordlys holds what .*export-1\.backup holds: \d+ tables, [1-9]\d* rows, each read again/);
    expect(await linesOf(await exported())).toEqual(await linesOf(file));
    const again = join(folder, 'whole-after.backup');
    await done('backup', '--out', again);
    expect(await linesOf(again)).toEqual(await linesOf(whole));
  });

  test('takes the place of an environment of another installation, on the other database', async () => {
    const there = await mkdtemp(join(tmpdir(), 'portvakt-elsewhere-'));
    const other = engine === 'sqlite' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const url = other === undefined ? {} : { PORTVAKT_DATABASE_URL: other.url };
    const environment = { PORTVAKT_SEED: 'empty', PORTVAKT_PORT: '0', PORTVAKT_DATA: there, ...url };
    const elsewhere = async (...words: readonly string[]): Promise<string> => {
      const { code, out, err } = await run(words, environment);
      if (code !== exitCodes.ok) throw new Error(err);
      return out;
    };
    await elsewhere('init');
    const before = join(there, 'before.backup');
    await elsewhere('environment', 'export', 'nordlys', '--out', before);
    const whole = join(there, 'whole.backup');
    await elsewhere('backup', '--out', whole);
    await elsewhere('environment', 'import', 'nordlys', '--from', file, '--replace');
    const after = join(there, 'after.backup');
    await elsewhere('environment', 'export', 'nordlys', '--out', after);
    // Ids of the two differ, so what is there came out of the file; all of it did, and nothing was left.
    expect(await linesOf(before)).not.toEqual(await linesOf(file));
    expect(await linesOf(after)).toEqual(await linesOf(file));
    // Applications, which a file cannot bring, are those that were there.
    const wholeAfter = join(there, 'whole-after.backup');
    await elsewhere('backup', '--out', wholeAfter);
    expect(await directoryOf(wholeAfter)).toEqual(await directoryOf(whole));
    await other?.drop();
    await rm(there, { recursive: true });
  });

  test.each([
    ['without --replace', () => ['nordlys', '--from', file], /all data of nordlys goes: say --replace/],
    ['without a file', () => ['nordlys', '--replace'], /say which file to import/],
    [
      'into an environment that is not there',
      () => ['fjordheim', '--from', file, '--replace'],
      /has no environment `fjordheim` \(it has nordlys\)/,
    ],
    ['a file that is not there', () => ['nordlys', '--from', join(folder, 'none'), '--replace'], /there is no file/],
    [
      'a backup of everything',
      () => ['nordlys', '--from', join(folder, 'whole-before.backup'), '--replace'],
      /is a backup of a whole installation/,
    ],
    [
      'a file that was damaged',
      () => ['nordlys', '--from', join(folder, 'damaged'), '--replace'],
      /was damaged|is cut off|is no backup/,
    ],
  ])('%s: refused in one line, and nothing changes', async (_name, words, says) => {
    const bytes = await readFile(file);
    await writeFile(join(folder, 'damaged'), bytes.subarray(0, Math.floor(bytes.length / 2)));
    const { code, err } = await cli('environment', 'import', ...words());
    expect(code).not.toBe(exitCodes.ok);
    expect(err).toMatch(says);
    expect(await linesOf(await exported())).toEqual(await linesOf(file));
  });

  test('while a server is at work: refused', async () => {
    const hold =
      database === undefined
        ? lockFile(join(folder, 'directory.db'))
        : await holdPostgres(database.url, 'portvakt', {
            lost: () => undefined,
            retaken: () => undefined,
            taken: () => undefined,
          });
    const { code, err } = await cli('environment', 'import', 'nordlys', '--from', file, '--replace');
    await hold.release();
    expect(code).not.toBe(exitCodes.ok);
    expect(err).toMatch(/in use by another/);
  });
});
