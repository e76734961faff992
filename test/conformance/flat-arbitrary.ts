import fc from 'fast-check';
import type { Column, Table } from '../../src/metadata/table.ts';
import type { FlatCondition, FlatOrder, FlatQuery, Join, Output, SourceColumn } from '../../src/odata/flat-query.ts';
import { and, type Condition } from '../../src/odata/query.ts';
import { condition } from './arbitrary.ts';
import { col, nav, person, skill, team, teamSkill } from './store-model.ts';

/** Random joins, groups and aggregates that begin at `pv_person`. */

const ties: readonly (readonly [Table, string, Table, string])[] = [
  [person, 'pv_team', team, 'pv_teamid'],
  [person, 'pv_manager', person, 'pv_personid'],
  [person, 'pv_personid', person, 'pv_manager'],
  [person, 'pv_name', team, 'pv_name'],
  [person, 'pv_level', person, 'pv_level'],
  [person, 'pv_number', person, 'pv_number'],
  [team, 'pv_teamid', teamSkill, 'pv_teamid'],
  [teamSkill, 'pv_skillid', skill, 'pv_skillid'],
];

const small: readonly (readonly [string, Table, string])[] = [
  ['Ås', team, 'pv_name'],
  ['Oslo', team, 'pv_city'],
  ['java', skill, 'pv_name'],
];

const shown = (table: Table): readonly Column[] => table.columns.filter((column) => column.hidden !== true);

/** No plan is minted for rows of an intersect table without the rows at both of its ends. */
const guard: Condition = {
  kind: 'and',
  of: [
    { kind: 'linked', column: col(teamSkill, 'pv_teamid'), target: team.primaryKey, where: { kind: 'always' } },
    { kind: 'linked', column: col(teamSkill, 'pv_skillid'), target: skill.primaryKey, where: { kind: 'always' } },
  ],
};

/** A condition on a row of a table. */
function onTable(table: Table): fc.Arbitrary<Condition> {
  if (table === person) return condition;
  const choices = small.flatMap(([value, of, name]): Condition[] =>
    of !== table
      ? []
      : [
          { kind: 'compare', op: 'eq', column: col(table, name), value },
          { kind: 'compare', op: 'ne', column: col(table, name), value },
          { kind: 'compare', op: 'ge', column: col(table, name), value },
          { kind: 'compare', op: 'eq', column: col(table, name), value: null },
        ],
  );
  return fc.constantFrom<Condition>(...choices, { kind: 'compare', op: 'ne', column: table.primaryKey, value: null });
}

/** Each join is one of those that are possible after the ones before it. */
function joinsAfter(tables: readonly Table[], left: number): fc.Arbitrary<readonly Join[]> {
  if (left === 0) return fc.constant([]);
  const possible = tables.flatMap((table, source) =>
    ties.flatMap(([from, to, other, name]) =>
      from === table ? [{ table: other, column: col(other, name), to: { source, column: col(from, to) } }] : [],
    ),
  );
  return fc.tuple(fc.constantFrom(...possible), fc.constantFrom('inner', 'outer', 'first')).chain(([join, kind]) =>
    fc
      .tuple(maybe(onTable(join.table)), maybe(onTable(join.table)), joinsAfter([...tables, join.table], left - 1))
      .map(([wanted, among, more]) => {
        const where = join.table === teamSkill ? and(guard, wanted) : wanted;
        return [{ ...join, kind, ...(where && { where }), ...(among && { among }) }, ...more];
      }),
  );
}

const maybe = <T>(of: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 2 }, of);

const columnOf = (tables: readonly Table[], fits: (column: Column) => boolean): fc.Arbitrary<SourceColumn> =>
  fc.constantFrom(
    ...tables.flatMap((table, source) =>
      shown(table)
        .filter(fits)
        .map((column) => ({ source, column })),
    ),
  );

const numbers: readonly string[] = ['Integer', 'BigInt', 'Decimal'];
const moments: readonly string[] = ['Date', 'DateTime'];

function flatCondition(tables: readonly Table[]): fc.Arbitrary<FlatCondition> {
  const rows = tables.map((table, source) =>
    onTable(table).map((where): FlatCondition => ({ kind: 'row', source, where })),
  );
  const compare = fc
    .tuple(
      fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le'),
      fc.constantFrom(
        (column: Column) => column.isText,
        ({ type }: Column) => numbers.includes(type),
      ),
    )
    .chain(([op, fits]) =>
      fc
        .tuple(columnOf(tables, fits), columnOf(tables, fits))
        .map(([left, right]): FlatCondition => ({ kind: 'compareRows', op, left, right })),
    );
  const simple = fc.oneof(...rows, compare);
  return fc.oneof(
    simple,
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(simple, { maxLength: 3 }))
      .map(([kind, of]): FlatCondition => ({ kind, of })),
  );
}

const output = (tables: readonly Table[]): fc.Arbitrary<Omit<Extract<Output, { kind: 'column' }>, 'name'>> =>
  fc
    .tuple(
      columnOf(tables, () => true),
      maybe(condition),
    )
    .map(([of, among]) => {
      const { lookup } = of.column;
      const navigation = lookup && nav(of.column.table, lookup.navigation);
      if (navigation?.kind !== 'single') return { kind: 'column', ...of };
      const display = { navigation, ...(among && navigation.target === person && { among }) };
      return { kind: 'column', ...of, display };
    });

const datePart = (tables: readonly Table[]): fc.Arbitrary<Omit<Extract<Output, { kind: 'datePart' }>, 'name'>> =>
  fc
    .tuple(
      columnOf(tables, ({ type }) => moments.includes(type)),
      fc.constantFrom('day', 'week', 'month', 'quarter', 'year', 'fiscalPeriod', 'fiscalYear'),
    )
    .map(([of, part]) => ({ kind: 'datePart', part, ...of }));

function aggregate(tables: readonly Table[]): fc.Arbitrary<Omit<Extract<Output, { kind: 'aggregate' }>, 'name'>> {
  const of = (
    functions: readonly ('sum' | 'average' | 'min' | 'max' | 'count' | 'countColumn' | 'countDistinct')[],
    fits: (column: Column) => boolean,
  ) =>
    fc
      .tuple(columnOf(tables, fits), fc.constantFrom(...functions))
      .map(([source, name]) => ({ kind: 'aggregate', function: name, ...source }) as const);
  return fc.oneof(
    of(['sum', 'average'], ({ type }) => numbers.includes(type)),
    of(['min', 'max'], ({ type }) => !['Guid', 'Lookup', 'Boolean'].includes(type)),
    of(['count', 'countColumn', 'countDistinct'], () => true),
  );
}

const named = (outputs: readonly Omit<Output, 'name'>[]): readonly Output[] =>
  outputs.map((each, at) => ({ ...each, name: `c${at}` }) as Output);

const plain = { limit: 5000, offset: 0, after: undefined, countUpTo: undefined, version: false } as const;

const joins = fc
  .integer({ min: 0, max: 3 })
  .chain((count) => joinsAfter([person], count))
  .map((list) => ({ list, tables: [person, ...list.map(({ table }) => table)] }));

export const flatRows: fc.Arbitrary<FlatQuery> = joins.chain(({ list, tables }) =>
  fc
    .record({
      where: maybe(flatCondition(tables)),
      outputs: fc.array(output(tables), { maxLength: 4 }),
      orderBy: fc.array(
        fc
          .tuple(
            columnOf(tables, () => true),
            fc.boolean(),
          )
          .map(([of, descending]): FlatOrder => ({ kind: 'column', ...of, descending })),
        { maxLength: 3 },
      ),
    })
    .map(({ outputs, ...rest }) => ({
      ...plain,
      ...rest,
      table: person,
      joins: list,
      outputs: named(outputs),
      answer: 'rows',
      aggregateLimit: undefined,
    })),
);

export const flatGroups: fc.Arbitrary<FlatQuery> = joins.chain(({ list, tables }) =>
  fc
    .record({
      where: maybe(flatCondition(tables)),
      keys: fc.array(fc.oneof(output(tables), datePart(tables)), { maxLength: 3 }),
      aggregates: fc.array(aggregate(tables), { maxLength: 3 }),
      orders: fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 2 }),
      aggregateLimit: fc.constantFrom(50, 50_000),
    })
    .filter(({ keys, aggregates }) => keys.length + aggregates.length > 0)
    .map(({ where, keys, aggregates, orders, aggregateLimit }) => {
      const outputs = named([...keys, ...aggregates]);
      const places = [...new Map(orders.map(([at, descending]) => [at % outputs.length, descending]))];
      const orderBy = places.map(([at, descending]): FlatOrder => ({ kind: 'output', output: at, descending }));
      const limit = aggregates.length === 0 ? undefined : aggregateLimit;
      return { ...plain, where, table: person, joins: list, outputs, answer: 'groups', orderBy, aggregateLimit: limit };
    }),
);
