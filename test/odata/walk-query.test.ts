import { describe, expect, test } from 'vitest';
import { printCondition } from '../../src/odata/print-condition.ts';
import type { Condition, Hop, Query } from '../../src/odata/query.ts';
import { restrictQuery, walkQuery } from '../../src/odata/walk-query.ts';
import { all, col, id, is, nav, not, person, query, skill, team, through } from '../conformance/store-model.ts';

const manager = nav(person, 'pv_manager') as Hop['navigation'];
const ofTeam = nav(person, 'pv_team') as Hop['navigation'];
const members = nav(team, 'pv_members');
const teamSkills = nav(team, 'pv_teamskills');
const inTeam = (where: Condition): Condition => ({ kind: 'through', navigation: ofTeam, where });
const named = (name: string): Condition => ({ kind: 'compare', op: 'eq', column: col(team, 'pv_name'), value: name });
const skilled: Condition = {
  kind: 'through',
  navigation: teamSkills,
  every: true,
  where: { kind: 'compare', op: 'eq', column: col(skill, 'pv_name'), value: 'Java' },
};
const under: Condition = {
  kind: 'hierarchy',
  column: col(person, 'pv_personid'),
  parent: col(person, 'pv_manager'),
  direction: 'under',
  id: id(1),
  orEqual: true,
};
const byTeam: Query = {
  ...query(person),
  orderBy: [
    { column: col(team, 'pv_city'), descending: true, through: [{ navigation: manager }, { navigation: ofTeam }] },
  ],
};

const cases: readonly { name: string; of: Query; tables: readonly string[]; columns: readonly string[] }[] = [
  {
    name: 'its own columns',
    of: query(person, { columns: ['pv_level'] }),
    tables: ['pv_person'],
    columns: ['pv_level'],
  },
  {
    name: 'a filter behind a lookup and a collection',
    of: query(person, { where: not(all(inTeam(skilled), is('pv_level', 'gt', 1))) }),
    tables: ['pv_person', 'pv_team', 'pv_skill'],
    columns: ['pv_team', 'pv_name', 'pv_level'],
  },
  {
    name: 'a hierarchy',
    of: query(person, { where: under }),
    tables: ['pv_person', 'pv_person'],
    columns: ['pv_personid', 'pv_manager'],
  },
  {
    name: 'an order behind lookups',
    of: byTeam,
    tables: ['pv_person', 'pv_person', 'pv_team'],
    columns: ['pv_manager', 'pv_team', 'pv_city'],
  },
  {
    name: 'expands inside each other',
    of: query(team, {
      expand: [
        {
          navigation: members,
          query: query(person, { expand: [{ navigation: manager, query: query(person, { columns: ['pv_rate'] }) }] }),
        },
      ],
    }),
    tables: ['pv_team', 'pv_person', 'pv_person'],
    columns: ['pv_team', 'pv_manager', 'pv_rate'],
  },
];

test.each(cases)('a gate hears of $name', ({ of, tables, columns }) => {
  const heard = { tables: [] as string[], columns: [] as string[] };
  walkQuery(of, {
    table: ({ logicalName }) => heard.tables.push(logicalName) > 0,
    column: ({ name }) => heard.columns.push(name) > 0,
  });
  expect(heard).toEqual({ tables, columns });
});

test('a gate that says no to any table ends the walk', () => {
  for (const { of, tables } of cases) {
    for (const refused of new Set(tables)) {
      expect(walkQuery(of, { table: ({ logicalName }) => logicalName !== refused })).toBe(false);
    }
  }
});

describe('a query over only the rows that may be seen', () => {
  const visible: Condition = { kind: 'compare', op: 'ne', column: col(person, 'pv_company'), value: 'secret' };
  const visibleTeams = named('Open');
  const restriction = {
    rowsOf: (table: unknown) => (table === person ? visible : table === team ? visibleTeams : undefined),
    keeps: () => false,
  };
  const shown = 'pv_company ne "secret"';

  test.each([
    { name: 'a lookup', where: inTeam(named('x')), is: 'through pv_team(pv_name eq "x") among pv_name eq "Open"' },
    {
      name: 'a negated lookup',
      where: not(inTeam(named('x'))),
      is: 'not(through pv_team(pv_name eq "x") among pv_name eq "Open")',
    },
    {
      name: 'a lookup behind a lookup',
      where: through(person, 'pv_manager', inTeam(named('x'))),
      is: `through pv_manager(through pv_team(pv_name eq "x") among pv_name eq "Open") among ${shown}`,
    },
    {
      name: 'all of a collection',
      where: { ...through(person, 'pv_reports', is('pv_level', 'eq', 1)), every: true } as Condition,
      is: `every pv_reports(pv_level eq 1) among ${shown}`,
    },
  ])('narrows $name', ({ where, is: expected }) => {
    expect(printCondition(restrictQuery(query(person, { where }), restriction).where)).toBe(
      `and(${expected}, ${shown})`,
    );
  });

  test('narrows the way of a hierarchy, and the rows that an order looks at', () => {
    const { where } = restrictQuery(query(person, { where: under }), restriction);
    expect(where).toMatchObject({ kind: 'and', of: [{ kind: 'hierarchy', among: visible }, visible] });
    const { orderBy } = restrictQuery(byTeam, restriction);
    expect(orderBy[0]?.through).toMatchObject([{ among: visible }, { among: visibleTeams }]);
  });

  test('narrows expands inside each other and drops those for display that are not kept', () => {
    const inner = { navigation: manager, query: query(person) };
    const of = query(team, {
      expand: [
        { navigation: members, query: query(person, { expand: [inner] }) },
        { navigation: teamSkills, optional: true, query: query(skill) },
      ],
    });
    const { expand } = restrictQuery(of, restriction);
    expect(expand).toMatchObject([{ query: { where: visible, expand: [{ query: { where: visible } }] } }]);
    expect(expand).toHaveLength(1);
  });

  test('is the very same query where everything may be seen', () => {
    const everything = { rowsOf: () => undefined, keeps: () => true };
    for (const { of } of cases) expect(restrictQuery(of, everything)).toBe(of);
  });
});
