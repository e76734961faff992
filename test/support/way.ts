/**
 * One of the ways in which the end-to-end suite is run as a whole (`npm run e2e`, docs/testing.md). Without one, tests go
 * to both databases, and servers of the tests are a part of the test's process.
 */
export interface Way {
  readonly engines: readonly ('sqlite' | 'postgres')[];
  /** Requests reach PostgreSQL through PgBouncer, which lends connections for a transaction. */
  readonly pooler?: boolean;
  /** Servers on PostgreSQL are a primary with so many worker processes, and each request meets another one. */
  readonly workers?: number;
}

export const ways = {
  embedded: { engines: ['sqlite'] },
  pgbouncer: { engines: ['postgres'], pooler: true },
  workers: { engines: ['postgres'], workers: 2 },
} as const satisfies Readonly<Record<string, Way>>;
export type WayName = keyof typeof ways;

/** Names the way. Processes of the tests inherit it. */
export const wayVariable = 'E2E_WAY';

/** The way of this run of the tests; `undefined`: a usual one. */
export const wayName: WayName | undefined = parseWay(process.env[wayVariable]);
const usual: Way = { engines: ['sqlite', 'postgres'] };
export const way: Way = wayName === undefined ? usual : ways[wayName];

function parseWay(name: string | undefined): WayName | undefined {
  if (name === undefined || name === '') return undefined;
  if (Object.hasOwn(ways, name)) return name as WayName;
  throw new Error(`${wayVariable}=${name}: there are ${Object.keys(ways).join(', ')}`);
}

/** How many times as long as usual tests may take: in a way each of their servers may be several processes. */
export const patience = wayName === undefined ? 1 : 4;
