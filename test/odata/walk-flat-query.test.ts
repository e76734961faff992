import { describe, expect, test } from 'vitest';
import type { Column, Table } from '../../src/metadata/table.ts';
import type { FlatQuery, Output } from '../../src/odata/flat-query.ts';
import { mintNativeFlat } from '../../src/odata/plan-mint.ts';
import { printFlat } from '../../src/odata/print-flat.ts';
import type { Condition } from '../../src/odata/query.ts';
import { pruneDisplays, restrictFlatQuery, seesDisplay, walkFlatQuery } from '../../src/odata/walk-flat-query.ts';
import { col, getTable, nav, person, skill, team } from '../conformance/store-model.ts';

const is = (table: Table, name: string): Condition => ({
  kind: 'compare',
  op: 'eq',
  column: col(table, name),
  value: 'x',
});

/** Looks at a table in every part that a flat query has. */
const query: FlatQuery = {
  table: person,
  joins: [
    {
      kind: 'outer',
      table: team,
      column: col(team, 'pv_teamid'),
      to: { source: 0, column: col(person, 'pv_team') },
      where: {
        kind: 'linked',
        column: col(team, 'pv_city'),
        target: col(skill, 'pv_name'),
        where: is(skill, 'pv_name'),
      },
    },
  ],
  where: {
    kind: 'or',
    of: [
      { kind: 'row', source: 0, where: is(person, 'pv_name') },
      {
        kind: 'compareRows',
        op: 'eq',
        left: { source: 0, column: col(person, 'pv_notes') },
        right: { source: 1, column: col(team, 'pv_name') },
      },
    ],
  },
  outputs: [
    { name: 'level', kind: 'aggregate', function: 'max', source: 0, column: col(person, 'pv_level') },
    { name: 'boss', kind: 'column', source: 0, column: col(person, 'pv_manager') },
    { name: 'year', kind: 'datePart', part: 'year', source: 0, column: col(person, 'pv_born') },
  ],
  answer: 'groups',
  orderBy: [],
  limit: 10,
  offset: 0,
  after: undefined,
  countUpTo: undefined,
  aggregateLimit: undefined,
  version: false,
};

const withDisplay: FlatQuery = {
  ...query,
  outputs: query.outputs.map((output): Output => {
    const navigation = nav(person, 'pv_manager');
    return output.kind === 'column' && navigation.kind === 'single' ? { ...output, display: { navigation } } : output;
  }),
};

function seen(of: FlatQuery, optional?: true): { tables: string[]; columns: string[] } {
  const [tables, columns]: [Set<string>, Set<string>] = [new Set(), new Set()];
  const visitor = {
    table: (table: Table) => tables.add(table.logicalName).size > 0,
    column: (column: Column) => columns.add(`${column.table.logicalName}.${column.name}`).size > 0,
    ...(optional && { optional }),
  };
  expect(walkFlatQuery(of, visitor)).toBe(true);
  return { tables: [...tables], columns: [...columns].sort() };
}

describe('the walk over a flat query', () => {
  test('meets every table and column: of joins, conditions, aggregates, keys and orders', () => {
    expect(seen(query)).toEqual({
      tables: ['pv_person', 'pv_team', 'pv_skill'],
      columns: [
        'pv_person.pv_born',
        'pv_person.pv_level',
        'pv_person.pv_manager',
        'pv_person.pv_name',
        'pv_person.pv_notes',
        'pv_person.pv_team',
        'pv_skill.pv_name',
        'pv_team.pv_city',
        'pv_team.pv_name',
        'pv_team.pv_teamid',
      ],
    });
    const ordered: FlatQuery = {
      ...query,
      answer: 'rows',
      outputs: [],
      orderBy: [{ kind: 'column', source: 1, column: col(team, 'pv_city'), descending: false }],
    };
    expect(seen({ ...ordered, joins: [], where: undefined }).columns).toEqual(['pv_team.pv_city']);
  });

  test('ends where the visitor says so', () => {
    const tables: string[] = [];
    const ended = walkFlatQuery(query, { table: (table) => tables.push(table.logicalName) < 2 });
    expect([ended, tables]).toEqual([false, ['pv_person', 'pv_team']]);
  });

  test('names of lookups do not count, unless they are asked for', () => {
    const tableOfNames = seen({ ...withDisplay, table: team, joins: [], where: undefined }).tables;
    expect(tableOfNames).toEqual(['pv_team']);
    expect(seen({ ...withDisplay, table: team, joins: [], where: undefined }, true).tables).toEqual([
      'pv_team',
      'pv_person',
    ]);
  });
});

describe('what a gate leaves', () => {
  const rowsOf = (table: Table): Condition | undefined =>
    table === person ? is(person, 'pv_company') : is(table, 'pv_name');

  test('is in every place where rows of a table are looked at', () => {
    const restricted = restrictFlatQuery(withDisplay, { rowsOf });
    expect(printFlat(restricted).slice(1, 3)).toEqual([
      'outer pv_team.pv_teamid = 0.pv_team where linked pv_city=pv_skill.pv_name(pv_name eq "x") among pv_name eq "x" among pv_name eq "x"',
      'where ((0[pv_name eq "x"] or 0.pv_notes eq 1.pv_name) and 0[pv_company eq "x"])',
    ]);
    const names = restricted.outputs.flatMap((output) => (output.kind === 'column' ? [output.display?.among] : []));
    expect(names).toEqual([is(person, 'pv_company')]);
  });

  test('is the very same query where nothing is taken away', () => {
    expect(restrictFlatQuery(withDisplay, { rowsOf: () => undefined })).toBe(withDisplay);
    expect(pruneDisplays(withDisplay, () => true)).toBe(withDisplay);
  });

  test('has no names of rows that may not be read', () => {
    const refuses = { table: () => false };
    const pruned = pruneDisplays(withDisplay, (output) => seesDisplay(output, refuses));
    expect(pruned).toEqual(query);
  });
});

test('no plan is minted for hidden columns, nor for tables of another gate', () => {
  const secret = { source: 0, column: col(person, 'pv_secret') };
  const count: Output = { name: 'n', kind: 'aggregate', function: 'countDistinct', ...secret };
  expect(() => mintNativeFlat({ ...query, outputs: [count] })).toThrow('hidden column pv_secret');
  const virtual: Table = { ...getTable('pv_team'), kind: 'virtual' };
  const joins = query.joins.map((join) => ({ ...join, table: virtual }));
  expect(() => mintNativeFlat({ ...query, joins })).toThrow('no plan for table pv_team');
});

test('no plan is minted for rows of an intersect table, unless the rows at both ends must be there', () => {
  const teamSkill = getTable('pv_teamskill');
  const tie = { source: 1, column: col(team, 'pv_teamid') };
  const linked = (name: string, target: Table): Condition => ({
    kind: 'linked',
    column: col(teamSkill, name),
    target: target.primaryKey,
    where: { kind: 'always' },
  });
  const both = [linked('pv_teamid', team), linked('pv_skillid', skill)];
  const plan = (...of: Condition[]) => {
    const join = { kind: 'inner', table: teamSkill, column: col(teamSkill, 'pv_teamid'), to: tie } as const;
    return () => mintNativeFlat({ ...query, joins: [...query.joins, { ...join, where: { kind: 'and', of } }] });
  };
  expect(plan(...both)).not.toThrow();
  expect(plan(...both.slice(1))).toThrow('unguarded rows of pv_teamskill');
  expect(plan({ kind: 'or', of: both })).toThrow('unguarded rows of pv_teamskill');
});
