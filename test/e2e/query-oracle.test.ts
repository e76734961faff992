import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareQueries } from '../prove/queries/run.ts';
import { sizes } from '../prove/sizes.ts';
import { engines } from '../support/database.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

describe.each(engines)('random queries on %s', (engine) => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer(engine);
  });
  afterAll(() => server.close());

  test('are answered as an evaluator in plain code answers them, and show nobody a row that is not theirs', {
    timeout: patience * 120_000,
  }, async () => {
    const { asked, withRows, differences, leaks } = await compareQueries(server, {
      queries: sizes.queries.test,
      seed: sizes.querySeed.test,
    });
    expect(differences).toEqual([]);
    expect(leaks).toEqual([]);
    expect(asked).toBe(sizes.queries.test);
    expect(withRows).toBeGreaterThan(asked / 3);
  });
});
