import { describe, expect, inject, test } from 'vitest';
import { killRounds } from '../prove/kill.ts';
import { sizes } from '../prove/sizes.ts';
import { measureStarts } from '../prove/starts.ts';
import { engines, makeDatabase } from '../support/database.ts';

const quiet = (): void => undefined;

describe.each(engines)('a server that is killed, on %s', (engine) => {
  test('loses no acknowledged candidate and doubles none', { timeout: 120_000 }, async () => {
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const rounds = await killRounds({
      rounds: sizes.killRounds.test,
      clients: sizes.killClients.test,
      killAfter: sizes.killAfter.test,
      databaseUrl: database?.url,
      report: quiet,
    });
    await database?.drop();
    expect(rounds.map(({ lost, doubled }) => ({ lost, doubled }))).toEqual(rounds.map(() => ({ lost: 0, doubled: 0 })));
    expect(rounds.every(({ acknowledged }) => acknowledged > 0)).toBe(true);
  });
});

test('a second start reuses what is there and is quicker than the first', { timeout: 60_000 }, async () => {
  const { first, later } = await measureStarts(sizes.starts.test);
  expect(later).toHaveLength(sizes.starts.test);
  expect(Math.max(...later)).toBeLessThan(first);
});
