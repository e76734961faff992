import fc from 'fast-check';
import type { Column } from '../../src/metadata/table.ts';
import type { Condition, Hop, Order, PatternPart, Value } from '../../src/odata/query.ts';
import { oddTexts, sampleRows } from './sample-rows.ts';
import { col, id, nav, person, skill, storeModel, team } from './store-model.ts';

/** Random conditions and orders on `pv_person`, with values that rows have and values just beside them. */

const samples = sampleRows();

// A counterexample shows names, not the whole linked model.
for (const { columns, navigation } of storeModel.tables) {
  for (const named of [...columns, ...navigation.values()]) {
    Object.defineProperty(named, fc.toStringMethod, { value: () => named.name });
  }
}

function valuesOf(column: Column): fc.Arbitrary<Value> {
  const stored = samples.filter((row) => row.table === column.table).map((row) => row.values.get(column) ?? null);
  const beside: Record<Column['type'], readonly Value[]> = {
    Guid: ['ffffffff-ffff-4fff-8fff-ffffffffffff'],
    Lookup: ['ffffffff-ffff-4fff-8fff-ffffffffffff'],
    String: ['ÅSE ødegård', 'BERG', 'strasse', 'a', 'å', '%', 'a\0b', ...oddTexts],
    Memo: ['NOTES 3 ÆØÅ', 'n'],
    Integer: [0, 1.5, -2.5, 3_000_000_000, 1e30, -1e30],
    Choice: [0, 200_000_000.5],
    Choices: ['1', '1,3'],
    BigInt: [0, 2n ** 63n, -(2n ** 70n), 9_007_199_254_740_992n, 0.5],
    Decimal: ['0.005', '-0.005', '12.50', '12.5000001', '99999999999999999999999', '-99999999999999999999999'],
    Date: ['1961-05-17T00:00:01Z'],
    DateTime: ['2024-02-01T01:00:01Z'],
    Boolean: [true, false],
  };
  return fc.constantFrom<Value>(...stored, ...beside[column.type], null);
}

/** No plan is minted for hidden columns. */
const shown = person.columns.filter((column) => column.hidden !== true);
const anyColumn = fc.constantFrom(...shown);
const textColumn = fc.constantFrom(...shown.filter((column) => column.isText));
const operator = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
const parts = ['å', 'ÅS', 'aa', 'a', 'berg', '%', '_', 's', 'SS', '"', '\\', '\n', '😀', ' æøå ', 'n1', ''];

const compare: fc.Arbitrary<Condition> = fc
  .tuple(anyColumn, operator)
  .chain(([column, op]) => valuesOf(column).map((value) => ({ kind: 'compare', op, column, value }) as const));

const among: fc.Arbitrary<Condition> = anyColumn.chain((column) =>
  fc.array(valuesOf(column), { maxLength: 20 }).map((values) => ({ kind: 'in', column, values }) as const),
);

const text: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), textColumn, fc.constantFrom(...parts, ...oddTexts))
  .map(([op, column, value]) => ({ kind: 'text', op, column, value }) as const);

const patternPart: fc.Arbitrary<PatternPart> = fc.oneof(
  fc.constantFrom(...parts).map((part): PatternPart => ({ kind: 'text', text: part })),
  fc.constantFrom<PatternPart>({ kind: 'any' }, { kind: 'one' }),
  fc.record({
    kind: fc.constant('among' as const),
    negated: fc.boolean(),
    ranges: fc.array(
      fc.constantFrom<readonly [string, string]>(
        ...(['a-c', 'N-Ø', ']-]', '---', '^-^', '[-a', '!-/', '+--', '[-[', 'z-a', '0-9', '😀-😀', '.-.'] as const).map(
          (range) => [[...range][0] ?? '', [...range].at(-1) ?? ''] as const,
        ),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

const like: fc.Arbitrary<Condition> = fc
  .tuple(textColumn, fc.array(patternPart, { maxLength: 5 }))
  .map(([column, pattern]) => ({ kind: 'like', column, pattern }) as const);

const month: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom('pv_born', 'pv_started'), fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 1 }))
  .map(([name, months]) => ({ kind: 'month', column: col(person, name), months }) as const);

const bits: fc.Arbitrary<Condition> = fc
  .integer({ min: 0, max: 7 })
  .map((mask) => ({ kind: 'bits', column: col(person, 'pv_level'), mask }) as const);

const line: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom('pv_personid', 'pv_manager'),
    fc.constantFrom('above', 'under'),
    fc.integer({ min: 1, max: 12 }),
    fc.boolean(),
  )
  .map(([name, direction, n, orEqual]) => {
    const parent = col(person, 'pv_manager');
    return { kind: 'hierarchy', column: col(person, name), parent, direction, id: id(n), orEqual } as const;
  });

const pairs = [
  ['pv_salary', 'pv_rate'],
  ['pv_level', 'pv_salary'],
  ['pv_big', 'pv_level'],
  ['pv_name', 'pv_number'],
  ['pv_born', 'pv_started'],
  ['pv_personid', 'pv_manager'],
] as const;
const columnPair: fc.Arbitrary<Condition> = fc
  .tuple(operator, fc.constantFrom(...pairs), fc.boolean())
  .map(([op, [a, b], swapped]) => {
    const [left, right] = swapped ? [b, a] : [a, b];
    return { kind: 'compareColumns', op, left: col(person, left), right: col(person, right) } as const;
  });

const onTeam: fc.Arbitrary<Condition> = fc.oneof(
  valuesOf(col(team, 'pv_name')).map(
    (value): Condition => ({ kind: 'compare', op: 'ge', column: col(team, 'pv_name'), value }),
  ),
  valuesOf(col(skill, 'pv_name')).map(
    (value): Condition => ({
      kind: 'through',
      navigation: nav(team, 'pv_teamskills'),
      where: { kind: 'compare', op: 'eq', column: col(skill, 'pv_name'), value },
    }),
  ),
);

export const condition: fc.Arbitrary<Condition> = fc.letrec<{ condition: Condition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    compare,
    among,
    text,
    like,
    line,
    month,
    bits,
    columnPair,
    fc
      .tuple(onTeam, fc.constantFrom({}, { every: true } as const))
      .map(([where, every]): Condition => ({ kind: 'through', navigation: nav(person, 'pv_team'), where, ...every })),
    fc.constantFrom<Condition>({ kind: 'always' }, { kind: 'never' }),
    fc
      .tuple(
        fc.constantFrom('pv_manager', 'pv_reports'),
        tie('condition'),
        fc.constantFrom({}, { every: true } as const),
        fc.oneof(
          { arbitrary: fc.constant({}), weight: 2 },
          tie('condition').map((among) => ({ among })),
        ),
      )
      .map(
        ([name, where, every, among]): Condition => ({
          kind: 'through',
          navigation: nav(person, name),
          where,
          ...every,
          ...among,
        }),
      ),
    fc
      .tuple(line, fc.oneof(compare, text))
      .map(([condition, among]): Condition => ({ ...condition, among }) as Condition),
    fc
      .tuple(tie('condition'), fc.constantFrom({}, { isGathered: true } as const))
      .map(([where, gathered]): Condition => {
        const target = col(person, 'pv_manager');
        return { kind: 'linked', column: person.primaryKey, target, where, ...gathered };
      }),
    tie('condition').map((of): Condition => ({ kind: 'not', of })),
    fc
      .tuple(fc.constantFrom('and', 'or'), fc.array(tie('condition'), { maxLength: 3 }))
      .map(([kind, of]): Condition => ({ kind, of })),
  ),
})).condition;

const hop = (name: string): Hop => {
  const navigation = nav(person, name);
  if (navigation.kind !== 'single') throw new TypeError(`${name} leads to many`);
  return { navigation };
};

const order: fc.Arbitrary<Order> = fc.oneof(
  fc.record({ column: anyColumn, descending: fc.boolean() }),
  fc.record({ column: anyColumn, descending: fc.boolean(), through: fc.constant([hop('pv_manager')]) }),
  fc.record({
    column: fc.constantFrom(col(team, 'pv_name'), col(team, 'pv_city')),
    descending: fc.boolean(),
    through: fc.constantFrom([hop('pv_team')], [hop('pv_manager'), hop('pv_team')]),
  }),
  fc.oneof(compare, like).map((among) => ({
    column: col(person, 'pv_name'),
    descending: false,
    through: [{ ...hop('pv_manager'), among }],
  })),
);

export const orderBy: fc.Arbitrary<readonly Order[]> = fc.array(order, { maxLength: 3 });
