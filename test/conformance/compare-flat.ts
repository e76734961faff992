import { deepStrictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import type { FlatQuery } from '../../src/odata/flat-query.ts';
import { mintNativeFlat } from '../../src/odata/plan-mint.ts';
import type { FlatPage, FlatRow } from '../../src/odata/row-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { flatGroups, flatRows } from './flat-arbitrary.ts';
import { expectFlat } from './flat-oracle.ts';
import type { Oracle } from './oracle.ts';

export interface FlatRuns {
  readonly runs: number;
  readonly seed: number;
}

export const readFlat = (database: Database, query: FlatQuery): Promise<FlatPage> =>
  database.flat(mintNativeFlat(query));

/** Rows as the oracle has them: without the holes and the versions. */
export const plainRow = ({ values: own, displays }: FlatRow): unknown[] =>
  own.map((value, at) => [value, displays[at] ?? null]);

/** Random joins and groups, compared with the oracle. Throws for the first that differs. */
export async function compareFlat(database: Database, oracle: Oracle, { runs, seed }: FlatRuns): Promise<void> {
  for (const kind of [flatRows, flatGroups]) {
    await fc.assert(
      fc.asyncProperty(kind, async (query) => {
        const expected = expectFlat(oracle, query);
        const page = await readFlat(database, query);
        deepStrictEqual(page.tooMany, expected.tooMany);
        deepStrictEqual(page.rows.map(plainRow), expected.rows.slice(0, query.limit).map(plainRow));
      }),
      { numRuns: runs, seed },
    );
  }
}
