import pg from 'pg';
import { inject } from 'vitest';
import { openDatabase } from '../../../src/storage/open.ts';
import { model } from '../support.ts';
import { describeNative } from './native-suite.ts';

describeNative('PostgreSQL', async () => {
  const url = inject('postgresUrl');
  const schema = `native_${process.pid}_${Date.now()}`;
  const store = await openDatabase({
    tables: model.tables,
    alphabet: 'nb',
    location: { kind: 'postgres', url, schema },
  });
  return {
    store,
    close: async () => {
      await store.close();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(`drop schema "${schema}" cascade`);
      await client.end();
    },
  };
});
