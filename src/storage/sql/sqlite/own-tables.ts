import { BoundedCache } from '../../../kernel/bounded-cache.ts';
import type { RunOwn } from '../../event-tables.ts';
import { StorageError } from '../../storage-error.ts';
import { fileSchema, type SqliteFile, type SqliteStatement } from './binding.ts';
import { makeStatementCollector } from './collect-statements.ts';
import type { CommitQueue } from './commit-queue.ts';

/** Texts of our own are some dozens. */
const keptStatements = 100;

/** A statement of `OwnSql` in SQLite's spelling. */
export const ownTables = (sql: string): string => sql.replaceAll('@', `${fileSchema}.`).replaceAll(/\$(\d)/g, '?$1');

/** Tables of Portvakt's own, written in the same commits as everything else. */
export function sqliteOwn(queue: CommitQueue, file: SqliteFile): RunOwn {
  const statements = new BoundedCache<SqliteStatement>(keptStatements, makeStatementCollector());
  const prepare = (sql: string) => {
    const known = statements.get(sql) ?? file.prepare(ownTables(sql));
    statements.set(sql, known);
    return known;
  };
  return (job) =>
    queue
      .add(() =>
        job({
          run: async (sql, values = []) => {
            prepare(sql).change(values);
          },
          rows: async (sql, values = []) => prepare(sql).rows(values),
        }),
      )
      .catch((error: unknown) => {
        throw error instanceof StorageError ? error : new StorageError(`events: ${String(error)}`);
      });
}
