import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/storage/open.ts';
import type { OpenStoreFor } from '../../support/open-stores.ts';

/** Opens an environment's database: in a file, or on a server whose database is dropped afterwards. */
export const openProved =
  (databaseUrl: string | undefined): OpenStoreFor =>
  async ({ tables }) => {
    const folder = mkdtempSync(join(tmpdir(), 'portvakt-prove-'));
    const location =
      databaseUrl === undefined
        ? ({ kind: 'sqlite', file: join(folder, 'environment.db') } as const)
        : ({ kind: 'postgres', url: databaseUrl, schema: 'walk', connections: 4 } as const);
    const store = await openDatabase({ tables, alphabet: 'nb', location });
    return {
      store,
      async close() {
        await store.close();
        rmSync(folder, { recursive: true, force: true });
      },
    };
  };
