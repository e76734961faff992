import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Value } from '../../src/odata/query.ts';
import type { FlatPage, FlatRow } from '../../src/odata/row-store.ts';
import type { Database } from '../../src/storage/database.ts';
import { compareFlat, type FlatRuns, plainRow, readFlat } from './compare-flat.ts';
import { flatGroups, flatRows } from './flat-arbitrary.ts';
import { Oracle } from './oracle.ts';
import type { OpenEmpty } from './row-store.ts';
import { fill, sampleRows } from './sample-rows.ts';
import { col, id, is, person, values } from './store-model.ts';

/** Joins, groups and aggregates on one database, compared with the oracle. */
export function flatSuite(openEmpty: OpenEmpty, size: FlatRuns): void {
  const rows = sampleRows(24);
  const oracle = new Oracle(rows);
  let database: Database;
  beforeAll(async () => {
    database = await openEmpty();
    await fill(database, rows);
    await database.analyze();
  });
  afterAll(() => database.close());

  test('gives the joined rows and the groups that the oracle finds', () => compareFlat(database, oracle, size));

  test('gives each joined row and each group once, whatever the page size', async () => {
    const property = fc.asyncProperty(
      fc.oneof(flatRows, flatGroups),
      fc.integer({ min: 3, max: 40 }),
      async (query, limit) => {
        fc.pre(
          !query.orderBy.some((order) => order.kind === 'output' && query.outputs[order.output]?.kind === 'aggregate'),
        );
        const all = (await readFlat(database, query)).rows;
        const found: FlatRow[] = [];
        let after: readonly Value[] | undefined;
        do {
          const page: FlatPage = await readFlat(database, { ...query, limit, after });
          found.push(...page.rows);
          expect(page.more).toBe(page.next !== undefined);
          after = page.next;
          expect(found.length).toBeLessThanOrEqual(all.length);
        } while (after !== undefined);
        expect(found.map(plainRow)).toEqual(all.map(plainRow));
      },
    );
    await fc.assert(property, { numRuns: Math.ceil(size.runs / 6), seed: size.seed });
  });

  test('a row that an outer join has not found is linked to none, however those are looked for', async () => {
    const linked = { kind: 'linked', column: person.primaryKey, target: col(person, 'pv_manager') } as const;
    const found = async (more: object): Promise<number> => {
      const notLinked = { kind: 'not', of: { ...linked, where: is('pv_name', 'ne', null), ...more } } as const;
      const page = await readFlat(database, {
        table: person,
        joins: [
          {
            kind: 'outer',
            table: person,
            column: person.primaryKey,
            to: { source: 0, column: col(person, 'pv_manager') },
            where: { kind: 'never' },
          },
        ],
        where: { kind: 'row', source: 1, where: notLinked },
        outputs: [{ kind: 'column', source: 0, column: person.primaryKey, name: 'id' }],
        answer: 'rows',
        orderBy: [],
        limit: 100,
        offset: 0,
        after: undefined,
        countUpTo: undefined,
        aggregateLimit: undefined,
        version: false,
      });
      return page.rows.length;
    };
    expect([await found({}), await found({ isGathered: true })]).toEqual([24, 24]);
  });

  test('adds up what no 64-bit number holds', async () => {
    const own = await openEmpty();
    const big = 9_000_000_000_000_000_000n;
    const people = Array.from({ length: 40 }, (_, at) => ({
      table: person,
      id: id(at + 1),
      values: values(person, {
        pv_personid: id(at + 1),
        pv_big: big,
        pv_rate: '-9000000000000.123457',
        pv_number: `N${at}`,
      }),
    }));
    await fill(own, people);
    const aggregate = (name: string, of: 'sum' | 'average') =>
      ({
        kind: 'aggregate',
        function: of,
        source: 0,
        column: person.column.get(name) as never,
        name: `${of} ${name}`,
      }) as const;
    const page = await readFlat(own, {
      table: person,
      joins: [],
      where: undefined,
      outputs: [
        aggregate('pv_big', 'sum'),
        aggregate('pv_rate', 'sum'),
        aggregate('pv_big', 'average'),
        aggregate('pv_rate', 'average'),
      ],
      answer: 'groups',
      orderBy: [],
      limit: 10,
      offset: 0,
      after: undefined,
      countUpTo: undefined,
      aggregateLimit: 50_000,
      version: false,
    });
    await own.close();
    expect(page.rows[0]?.values).toEqual([
      '360000000000000000000',
      '-360000000000004.93828',
      '9000000000000000000',
      '-9000000000000.123457',
    ]);
  });
}
