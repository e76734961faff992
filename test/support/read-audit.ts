import { join } from 'node:path';
import type { StoredSegment } from '../../src/audit/audit-store.ts';
import { type AuditQuery, readAudit, type StoredEntry } from '../../src/audit/read-audit.ts';
import { AuditSql, segmentsOf } from '../../src/storage/sql/audit-sql.ts';
import { connect, executeOnce } from '../../src/storage/sql/postgres/binding.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';

/** Where the audit log of a server is. */
export interface AuditedServer {
  readonly dataFolder: string;
  readonly databaseUrl: string | undefined;
}

/** Entries of the audit log as they are in the database, newest first. The server may be running. */
export async function readAuditOf(
  { dataFolder, databaseUrl }: AuditedServer,
  query: Partial<AuditQuery> = {},
): Promise<readonly StoredEntry[]> {
  const read = databaseUrl === undefined ? readSqlite(join(dataFolder, 'audit.db')) : readPostgres(databaseUrl);
  return (await readAudit({ read }, { limit: 10_000, ...query })).entries;
}

type Read = (query: Parameters<AuditSql['read']>[0]) => Promise<readonly StoredSegment[]>;

const readSqlite =
  (file: string): Read =>
  async (query) => {
    const connection = new SqliteFile(file, 5000);
    try {
      const { text, values } = new AuditSql('sqlite', 'data.').read(query);
      return segmentsOf(connection.rows(text, values));
    } finally {
      connection.close();
    }
  };

const readPostgres =
  (url: string): Read =>
  async (query) => {
    const opened = await connect({ url, statementTimeoutMs: 60_000 });
    try {
      const { text, values } = new AuditSql('postgres', 'portvakt.').read(query);
      return segmentsOf(await executeOnce(opened.connection, text, values));
    } finally {
      await opened.close();
    }
  };

/** The one entry of a request, by the id in its answer. What is only noted may be a second late. */
export async function entryOf(server: AuditedServer, id: string | undefined): Promise<StoredEntry> {
  if (id === undefined) throw new Error('the answer names no request');
  for (let attempt = 0; attempt < 30; attempt++) {
    const [entry, ...more] = await readAuditOf(server, { id });
    if (more.length > 0) throw new Error(`request ${id} has ${more.length + 1} entries`);
    if (entry !== undefined) return entry;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`request ${id} has no entry`);
}
