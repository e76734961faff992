import pg from 'pg';
import { expect, test } from 'vitest';
import { parseConfig } from '../../src/config.ts';
import { ask } from '../support/client.ts';
import { startEmptyServer } from '../support/server.ts';

test('an environment takes no more connections of PostgreSQL than it may, and no statement more time', {
  timeout: 60_000,
}, async () => {
  const server = await startEmptyServer('postgres', {
    PORTVAKT_DATABASE_CONNECTIONS: '2',
    PORTVAKT_DATABASE_TIMEOUT: '1',
  });
  const client = new pg.Client({ connectionString: server.databaseUrl });
  try {
    const token = await server.token('admin');
    await client.connect();
    await client.query('begin; lock table env_nordlys.businessunit');
    const read = () => ask(server.ca, `${server.url}/api/data/v9.2/businessunits`, { token });
    const flood = Array.from({ length: 6 }, read);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { rows } = await client.query(
      `select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%businessunit%'`,
    );
    expect(rows).toEqual([{ waiting: 2 }]);
    const [first] = await Promise.all(flood.slice(0, 1));
    expect(first?.status).toBeGreaterThanOrEqual(500);
    await client.query('rollback');
    await Promise.all(flood);
    expect((await read()).status).toBe(200);
  } finally {
    await client.end();
    await server.close();
  }
});

test.each([
  ['PORTVAKT_DATABASE_CONNECTIONS', '0', 'a whole number from 1 to 100: connections'],
  ['PORTVAKT_DATABASE_TIMEOUT', '1.5', 'a whole number from 1 to 3600: seconds'],
])('%s=%s is refused', (name, value, allowed) => {
  expect(() => parseConfig({ [name]: value })).toThrow(`${name}="${value}" is not allowed: ${allowed}`);
});
