import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { exitCodes } from '../../src/cli/cli-error.ts';
import { fileSchema } from '../../src/storage/sql/sqlite/binding.ts';
import { openConnection } from '../../src/storage/sql/sqlite/connection.ts';
import { run } from '../cli/run.ts';
import { engines, makeDatabase, type TestDatabase } from '../support/database.ts';

describe.each(engines)('the shape of an older version on %s', (engine) => {
  let folder: string;
  let database: TestDatabase | undefined;
  const flags = (): readonly string[] => [
    '--data',
    folder,
    ...(database === undefined ? [] : ['--database-url', database.url]),
  ];
  const cli = (...words: readonly string[]) => run([...words, ...flags()]);
  const migrate = async (...words: readonly string[]) => {
    const { code, out, err } = await cli('migrate', '--json', ...words);
    if (code !== exitCodes.ok) throw new Error(err);
    return JSON.parse(out).databases as readonly {
      readonly database: string;
      readonly statements: readonly string[];
      readonly online: readonly string[];
    }[];
  };
  /** Runs statements on the environment's database; `@` stands for its schema. */
  const change = (...statements: readonly string[]): Promise<void> =>
    changeAt('env_nordlys', ['environments', 'nordlys.db'], statements);
  const changeAt = async (schema: string, path: readonly string[], statements: readonly string[]): Promise<void> => {
    if (database !== undefined) {
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      for (const sql of statements) await client.query(sql.replaceAll('@', `${schema}.`));
      return client.end();
    }
    const file = openConnection(join(folder, ...path));
    for (const sql of statements) file.run(sql.replaceAll('@', `${fileSchema}.`));
    file.close();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'portvakt-migrate-'));
    database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const settings = { PORTVAKT_SEED: 'empty', PORTVAKT_PORT: '0', PORTVAKT_DATA: folder };
    const url = database === undefined ? {} : { PORTVAKT_DATABASE_URL: database.url };
    expect(await run(['init'], { ...settings, ...url })).toMatchObject({ code: exitCodes.ok });
  });
  afterAll(async () => {
    await database?.drop();
    await rm(folder, { recursive: true });
  });

  test('is shown without a change, then changed, then left alone', { timeout: 60_000 }, async () => {
    expect((await migrate()).map(({ statements }) => statements)).toEqual([[], [], []]);
    await change(
      'drop table @mshr_hcmtitleentity',
      "update @portvakt_setting set value = 'older' where name = 'schema hash'",
    );
    const expected = [
      expect.stringMatching(/^create table .*"mshr_hcmtitleentity"/),
      expect.stringMatching(/^create unique index .*mshr_hcmtitleentity/),
    ];
    for (const words of [['--dry-run'], ['--dry-run'], []]) {
      const [directory, environment] = await migrate(...words);
      expect(directory).toEqual({ database: 'directory', statements: [], online: [] });
      expect(environment?.database).toBe('environment:nordlys');
      expect(environment?.statements.slice(0, 2)).toEqual(expected);
    }
    expect((await cli('migrate')).out).toMatch(
      /-- environment:nordlys: nothing to do\n-- audit: nothing to do\n-- 0 statements were run\n$/,
    );
  });

  test.runIf(engine === 'postgres')(
    'indexes of a large table are shown by themselves, are not made by that, and then are',
    { timeout: 60_000 },
    async () => {
      await change(
        `insert into @mshr_omdepartmententity (mshr_omdepartmententityid, mshr_memo, row__version)
          select gen_random_uuid(), repeat('x', 1500), n from generate_series(1, 6000) n`,
        'drop index @ix_mshr_omdepartmententity_mshr_name',
        "update @portvakt_setting set value = 'older' where name = 'schema hash'",
      );
      const sql = expect.stringMatching(/^create index concurrently .*"ix_mshr_omdepartmententity_mshr_name" on /);
      const shown = await cli('migrate', '--dry-run');
      expect(shown.out).toMatch(
        /-- after the commit, each by itself; a start makes them while it serves\ncreate index concurrently .*omdepartmententity_mshr_name.*;\n/,
      );
      for (const words of [['--dry-run'], []]) {
        const [, environment] = await migrate(...words);
        expect(environment).toMatchObject({ statements: [], online: [sql] });
      }
      expect((await migrate('--dry-run'))[1]).toMatchObject({ statements: [], online: [] });
    },
  );

  test('of the audit log is brought to the newest step', { timeout: 60_000 }, async () => {
    const tables = ['portvakt_audit', 'portvakt_audit_id', 'portvakt_audit_seal', 'portvakt_audit_migration'];
    await changeAt(
      'portvakt',
      ['audit.db'],
      tables.map((table) => `drop table @${table}`),
    );
    for (const words of [['--dry-run'], []]) {
      const audit = (await migrate(...words)).at(-1);
      expect(audit?.database).toBe('audit');
      expect(audit?.statements).toContainEqual(expect.stringMatching(/^create table .*portvakt_audit_seal /));
    }
    expect((await migrate()).at(-1)).toEqual({ database: 'audit', statements: [], online: [] });
  });

  test('is refused where it is newer, or not there', async () => {
    await change("insert into @portvakt_migration values (999, 'of tomorrow', '2999-01-01T00:00:00.000Z')");
    expect(await cli('migrate')).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringMatching(/was written by a newer version of Portvakt \(its step 999, this program knows \d+\)/),
    });
    const nothing = await run(['migrate', '--data', join(folder, 'nothing')]);
    expect(nothing.err).toMatch(/there is no installation/);
  });
});
