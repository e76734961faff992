import { expect, test, vi } from 'vitest';
import { fuzz } from '../prove/fuzz/run.ts';
import { sizes } from '../prove/sizes.ts';

/** A hole: the second gate forgets the legal entities of its user when it reads. */
vi.mock('../../src/hr/access-checks.ts', async (original) => ({
  ...(await original<typeof import('../../src/hr/access-checks.ts')>()),
  companyFilter: () => undefined,
}));

/** The fuzz is worth what it would find. */
test('random requests find it when the second gate forgets the legal entity', { timeout: 180_000 }, async () => {
  const { seed, runs } = sizes.fuzzRequests.test;
  const { failure } = await fuzz({ seed, runs });
  expect(failure).toContain('a row that may not be seen');
  // The smallest request that does it is printed.
  expect(failure).toContain('"caller": "restricted"');
});
