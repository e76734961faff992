import { describe, expect, inject, test } from 'vitest';
import { rollKeysUnderLoad } from '../prove/keys.ts';
import { sizes } from '../prove/sizes.ts';
import { engines, makeDatabase } from '../support/database.ts';
import { patience } from '../support/way.ts';

describe.each(engines)('signing keys that roll under load, on %s', (engine) => {
  test('fail no request, and no verifier meets a key that it does not have', {
    timeout: patience * 240_000,
  }, async () => {
    const database = engine === 'postgres' ? await makeDatabase(inject('postgresUrl')) : undefined;
    const result = await rollKeysUnderLoad({
      requests: sizes.keyRequests.test,
      signers: sizes.keySigners.test,
      clients: sizes.keyClients.test,
      rotation: sizes.keyRotation.test,
      databaseUrl: database?.url,
    });
    await database?.drop();
    expect(result.failures).toEqual([]);
    expect(result.requests).toBeGreaterThanOrEqual(sizes.keyRequests.test);
    expect(result.signers).toBeGreaterThanOrEqual(sizes.keySigners.test);
    expect(result.verified).toBe(result.tokens);
    expect(result.calls).toBe(result.requests - result.tokens);
  });
});
