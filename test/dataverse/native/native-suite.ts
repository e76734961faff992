import { afterAll, beforeAll } from 'vitest';
import { describeLinks } from './links-suite.ts';
import { NativeWorld, type OpenedStore } from './native-world.ts';
import { describeRoles } from './roles-suite.ts';
import { describeRows } from './rows-suite.ts';
import { describeUnits } from './units-suite.ts';
import { describeUsers } from './users-suite.ts';

/** What runNative does, on any row store. */
export function describeNative(engine: string, open: () => Promise<OpenedStore>): void {
  const world = new NativeWorld();
  let opened: OpenedStore | undefined;

  beforeAll(async () => {
    opened = await open();
    await world.open(opened.store);
  });

  afterAll(() => opened?.close());

  for (const describeTopic of [describeUsers, describeRoles, describeLinks, describeUnits, describeRows]) {
    describeTopic(engine, world);
  }
}
