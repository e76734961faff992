import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compareCanI } from '../prove/can-i/run.ts';
import { sizes } from '../prove/sizes.ts';
import { engines } from '../support/database.ts';
import { type EmptyServer, startEmptyServer } from '../support/server.ts';
import { patience } from '../support/way.ts';

describe.each(engines)('what is told before a call, on %s', (engine) => {
  let server: EmptyServer;
  beforeAll(async () => {
    server = await startEmptyServer(engine);
  });
  afterAll(() => server.close());

  test('comes true, whatever rights there are', { timeout: patience * 120_000 }, async () => {
    const { disagreements, outcomes } = await compareCanI(server, sizes.canI.test);
    expect(disagreements).toEqual([]);
    expect(outcomes.size).toBeGreaterThan(5);
  });
});
