import { describe, expect, test } from 'vitest';
import { runSelfTest, selfTestSettings } from '../prove/explain/run.ts';
import { sizes } from '../prove/sizes.ts';
import { engines } from '../support/database.ts';
import { startTestServer } from '../support/server.ts';

describe.each(engines)('the first fix of an explanation on %s', (engine) => {
  test('has the request allowed, whichever condition was broken', { timeout: 240_000 }, async () => {
    const server = await startTestServer(engine, selfTestSettings);
    try {
      const { exceptions, cases, conditions } = await runSelfTest(server, sizes.explainedTables.test);
      expect(exceptions).toEqual([]);
      expect(cases).toBeGreaterThanOrEqual(conditions * 2);
    } finally {
      await server.close();
    }
  });
});
