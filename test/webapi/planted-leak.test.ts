import { afterEach, expect, test, vi } from 'vitest';
import type { Condition } from '../../src/odata/query.ts';
import { fuzz } from '../prove/fuzz/run.ts';
import { sizes } from '../prove/sizes.ts';

/** What the gates under test forget. */
const forgets = vi.hoisted(() => ({ legalEntity: false, tableLevel: false }));

vi.mock('../../src/hr/access-checks.ts', async (original) => {
  const real = await original<typeof import('../../src/hr/access-checks.ts')>();
  return {
    ...real,
    companyFilter: (...asked: Parameters<typeof real.companyFilter>): Condition | undefined =>
      forgets.legalEntity ? undefined : real.companyFilter(...asked),
  };
});

vi.mock('../../src/dataverse/requirements.ts', async (original) => {
  const real = await original<typeof import('../../src/dataverse/requirements.ts')>();
  return {
    ...real,
    walkOperation: (...asked: Parameters<typeof real.walkOperation>): boolean =>
      forgets.tableLevel || real.walkOperation(...asked),
  };
});

afterEach(() => Object.assign(forgets, { legalEntity: false, tableLevel: false }));

/** The fuzz is worth what it would find: each of these is a gate with a hole. */
test.each([
  { hole: 'the second gate forgets the legal entity', plant: { legalEntity: true } },
  { hole: 'the first gate asks for no privilege', plant: { tableLevel: true } },
])('random requests find it when $hole', { timeout: 180_000 }, async ({ plant }) => {
  Object.assign(forgets, plant);
  const { seed, runs } = sizes.fuzzRequests.test;
  const { failure } = await fuzz({ seed, runs });
  expect(failure).toMatch(/^(Property failed|a row that may not be seen|Error: a row that may not be seen)/);
  expect(failure).toContain('a row that may not be seen');
});
