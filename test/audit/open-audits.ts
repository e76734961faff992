import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditStore } from '../../src/audit/audit-store.ts';
import { openAudit } from '../../src/storage/open-audit.ts';
import { SqliteFile } from '../../src/storage/sql/sqlite/binding.ts';
import { testSchema } from '../support/postgres-schema.ts';

/** A place for an audit log on one of the databases. */
export interface AuditPlace {
  open(): Promise<AuditStore>;
  /** As somebody with a database client would. The store must be closed on SQLite. */
  run(sql: string): Promise<void>;
  /** Name of a table of the log in `run`. */
  table(name: string): string;
  remove(): Promise<void>;
}

async function sqlitePlace(): Promise<AuditPlace> {
  const folder = await mkdtemp(join(tmpdir(), 'portvakt-audit-'));
  const file = join(folder, 'audit.db');
  return {
    open: () => openAudit({ kind: 'sqlite', file }),
    async run(sql) {
      const connection = new SqliteFile(file, 1000);
      try {
        connection.run(sql);
      } finally {
        connection.close();
      }
    },
    table: (name) => `data.${name}`,
    remove: () => rm(folder, { recursive: true }),
  };
}

async function postgresPlace(): Promise<AuditPlace> {
  const { url, schema, run, drop } = testSchema();
  await run(`create schema ${schema}`);
  return {
    open: () => openAudit({ kind: 'postgres', url, schema }),
    run: async (sql) => {
      await run(sql);
    },
    table: (name) => `${schema}.${name}`,
    remove: drop,
  };
}

export const auditPlaces = [
  { name: 'SQLite', make: sqlitePlace },
  { name: 'PostgreSQL', make: postgresPlace },
] as const;
