import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Model } from '../../src/metadata/table.ts';
import type { MaintenanceStore, RowStore } from '../../src/odata/row-store.ts';
import { openDatabase } from '../../src/storage/open.ts';
import { MemoryStore } from './memory-store.ts';
import { testSchema } from './postgres-schema.ts';

export interface OpenStore {
  readonly store: RowStore & MaintenanceStore;
  close(): Promise<void>;
}

export type OpenStoreFor = (model: Model) => Promise<OpenStore>;

const openMemory: OpenStoreFor = async () => ({ store: new MemoryStore(), close: async () => undefined });

const openSqlite: OpenStoreFor = async ({ tables }) => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-store-'));
  const location = { kind: 'sqlite', file: join(folder, 'environment.db') } as const;
  const store = await openDatabase({ tables, alphabet: 'nb', location });
  return {
    store,
    async close() {
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

const openPostgres: OpenStoreFor = async ({ tables }) => {
  const { url, schema, drop } = testSchema();
  const location = { kind: 'postgres', url, schema, connections: 2 } as const;
  const store = await openDatabase({ tables, alphabet: 'nb', location });
  return {
    store,
    async close() {
      await store.close();
      await drop();
    },
  };
};

/** Those that are databases. */
export const openDatabases: readonly { readonly name: string; readonly open: OpenStoreFor }[] = [
  { name: 'SQLite', open: openSqlite },
  { name: 'PostgreSQL', open: openPostgres },
];

/** Every kind of store that the layers above must get the same answers from. */
export const openStores: readonly { readonly name: string; readonly open: OpenStoreFor }[] = [
  { name: 'memory', open: openMemory },
  ...openDatabases,
];
