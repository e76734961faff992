import { afterAll, beforeAll } from 'vitest';
import { describeLinks } from './links-suite.ts';
import { NativeWorld, type OpenedStore } from './native-world.ts';
import { describeRoleCopies } from './role-copies-suite.ts';
import { describeRoles } from './roles-suite.ts';
import { describeRows } from './rows-suite.ts';
import { describeUnitTree } from './unit-tree-suite.ts';
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

  const topics = [
    describeUsers,
    describeRoles,
    describeRoleCopies,
    describeLinks,
    describeUnits,
    describeUnitTree,
    describeRows,
  ];
  for (const describeTopic of topics) describeTopic(engine, world);
}
