import { expect, test } from 'vitest';
import { walkProcess } from '../prove/process/walk.ts';
import { sizes } from '../prove/sizes.ts';
import { openDatabases } from '../support/open-stores.ts';

test.each(openDatabases)(
  'random steps of recruiting on $name: no illegal state, every event told in order to a receiver that fails, over kills',
  { timeout: 120_000 },
  async ({ open }) => {
    const figures = await walkProcess(open, sizes.processSteps.test);
    expect(figures.faults).toEqual([]);
    expect(figures.refused).toBeGreaterThan(10);
    expect(figures.events).toBeGreaterThan(20);
    expect(figures.failures).toBeGreaterThan(3);
    expect(figures.deliveries).toBeGreaterThanOrEqual(figures.events);
  },
);
