import { describe, expect, inject, test } from 'vitest';
import { compareOverHttp } from '../prove/gate-one/over-http.ts';
import { sizes } from '../prove/sizes.ts';
import { engines, makeDatabase } from '../support/database.ts';
import { patience } from '../support/way.ts';

describe.each(engines)('random requests to the first gate on %s', (engine) => {
  test('are answered as an evaluator predicts that was written from its description', {
    timeout: patience * 180_000,
  }, async () => {
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const compared = await compareOverHttp({ databaseUrl: database?.url, ...sizes.gateOneHttp.test });
    expect(compared.disagreements).toEqual([]);
    expect(compared.outcomes.size).toBeGreaterThan(6);
    await database?.drop();
  });
});
