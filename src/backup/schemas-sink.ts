import { holdPostgres } from '../storage/hold-server.ts';
import { postgresEngine } from '../storage/portable/postgres-engine.ts';
import { quoteName } from '../storage/sql/names.ts';
import { type Connection, connect, executeOnce } from '../storage/sql/postgres/binding.ts';
import { placeOf, postgresFailure } from '../storage/sql/postgres/failure.ts';
import { directoryPlace } from './databases.ts';
import type { RestoreSink } from './restore-sink.ts';

/** Schemas that are being written, and those that make room for them. With them the longest name has 63 bytes. */
const unfinished = 'portvakt_new_';
const replaced = 'portvakt_old_';

const ofInstallation = `nspname = 'portvakt' or nspname = 'portvakt_processes' or nspname like 'env\\_%'`;

/** Restores to schemas of a PostgreSQL database, and keeps servers off it meanwhile. @throws StorageError when one has it */
export async function openSchemasSink(url: string): Promise<RestoreSink & { holdsSchemas(): Promise<boolean> }> {
  const place = placeOf(url, directoryPlace.schema);
  const hold = await holdPostgres(url, directoryPlace.schema);
  const opened = await connect({ url, statementTimeoutMs: 0 }).catch(async (error: unknown) => {
    await hold.release();
    throw postgresFailure(error, place);
  });
  const { connection } = opened;
  const run = (sql: string) => executeOnce(connection, sql);
  const written = new Set<string>();
  const close = async (): Promise<void> => {
    await run('rollback').catch(() => undefined);
    for (const prefix of [unfinished, replaced]) await dropAll(connection, prefix).catch(() => undefined);
    await opened.close();
    await hold.release();
  };
  for (const prefix of [unfinished, replaced]) await dropAll(connection, prefix);
  return {
    holdsSchemas: async () => (await schemas(connection, ofInstallation)).some((name) => name !== 'portvakt_processes'),
    nameOf: ({ schema }) => placeOf(url, schema),
    async open({ schema }) {
      await run('begin');
      await run(`create schema if not exists ${quoteName(unfinished + schema)}`);
      written.add(schema);
      return postgresEngine(connection, unfinished + schema);
    },
    async finish() {
      await run('commit');
    },
    async commit(scope = 'all') {
      const there = await schemas(connection, ofInstallation);
      const before = scope === 'all' ? there : there.filter((name) => written.has(name));
      await run('begin');
      for (const name of before) await rename(connection, name, replaced + name);
      for (const name of written) await rename(connection, unfinished + name, name);
      await run('commit');
    },
    close,
  };
}

async function schemas(connection: Connection, where: string): Promise<readonly string[]> {
  const rows = await executeOnce(connection, `select nspname from pg_namespace where ${where} order by 1`);
  return rows.map(([name]) => String(name));
}

const rename = (connection: Connection, from: string, to: string): Promise<unknown> =>
  executeOnce(connection, `alter schema ${quoteName(from)} rename to ${quoteName(to)}`);

/** One after the other: dropping takes a lock on everything in a schema. */
async function dropAll(connection: Connection, prefix: string): Promise<void> {
  for (const name of await schemas(connection, `starts_with(nspname, '${prefix}')`)) {
    await executeOnce(connection, `drop schema ${quoteName(name)} cascade`);
  }
}
