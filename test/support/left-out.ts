import type { WayName } from './way.ts';

/** A test, or a file of them, that makes no sense in some ways of running the suite. docs/testing.md lists them. */
export interface LeftOut {
  readonly ways: readonly WayName[];
  readonly file: string;
  /** What of the file; absent: all of it. */
  readonly what?: string;
  readonly reason: string;
}

const needsPostgres = 'is about PostgreSQL alone';

export const leftOut = {
  workers: { ways: ['embedded'], file: 'test/e2e/workers.test.ts', reason: needsPostgres },
  members: { ways: ['embedded'], file: 'test/e2e/members.test.ts', reason: needsPostgres },
  nodes: { ways: ['embedded'], file: 'test/e2e/nodes.test.ts', reason: needsPostgres },
  'limited role': { ways: ['embedded'], file: 'test/e2e/limited-role.test.ts', reason: needsPostgres },
  readiness: { ways: ['embedded'], file: 'test/e2e/readiness.test.ts', reason: needsPostgres },
  replica: {
    ways: ['embedded', 'workers'],
    file: 'test/e2e/replica.test.ts',
    reason: 'is about a standby of PostgreSQL, and compares numbers of one process',
  },
  metrics: {
    ways: ['workers'],
    file: 'test/e2e/metrics.test.ts',
    reason: 'compares numbers of one process; those of several have its label, which test/e2e/workers.test.ts is about',
  },
} as const satisfies Readonly<Record<string, LeftOut>>;

/** All of a way. */
export const leftOutOf = (way: WayName): readonly LeftOut[] =>
  Object.values(leftOut).filter(({ ways }: LeftOut) => ways.includes(way));
