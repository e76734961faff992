import { expect, test } from 'vitest';
import { sizes } from '../prove/sizes.ts';
import { measureStarts } from '../prove/starts.ts';
import { patience } from '../support/way.ts';

test('a second start reuses what is there and is quicker than the first', { timeout: patience * 60_000 }, async () => {
  const { first, later } = await measureStarts(sizes.starts.test);
  expect(later).toHaveLength(sizes.starts.test);
  expect(Math.max(...later)).toBeLessThan(first);
});
