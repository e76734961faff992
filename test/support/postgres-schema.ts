import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

/** A schema of its own on the test server. */
export interface TestSchema {
  readonly url: string;
  readonly schema: string;
  /** Runs a statement as the administrator of the server would. */
  run(sql: string): Promise<unknown[][]>;
  drop(): Promise<void>;
}

/** A schema name that nobody has used; the database makes the schema. */
export function testSchema(): TestSchema {
  const url = inject('postgresUrl');
  const schema = `test_${randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string): Promise<unknown[][]> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
    } finally {
      await client.end();
    }
  };
  return {
    url,
    schema,
    run,
    drop: async () => {
      await run(`drop schema if exists ${schema} cascade`);
    },
  };
}
