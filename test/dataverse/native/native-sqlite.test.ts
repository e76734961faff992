import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../../src/storage/open.ts';
import { model } from '../support.ts';
import { describeNative } from './native-suite.ts';

describeNative('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'portvakt-native-'));
  const file = join(folder, 'environment.db');
  const store = await openDatabase({ tables: model.tables, alphabet: 'nb', location: { kind: 'sqlite', file } });
  return {
    store,
    close: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
