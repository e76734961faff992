import { describe, expect, test } from 'vitest';
import { mintNativeRead } from '../../src/odata/plan-mint.ts';
import type { Condition, Hop, Query } from '../../src/odata/query.ts';
import { col, id, is, nav, person, query, team, through } from '../conformance/store-model.ts';

const secret: Condition = { kind: 'text', op: 'startswith', column: col(person, 'pv_secret'), value: 'a' };
const manager = nav(person, 'pv_manager') as Hop['navigation'];
const underSecret: Condition = {
  kind: 'hierarchy',
  column: col(person, 'pv_personid'),
  parent: col(person, 'pv_manager'),
  direction: 'under',
  id: id(1),
  orEqual: true,
  among: secret,
};

describe('no plan is minted that looks at a hidden column', () => {
  const cases: readonly { name: string; of: Query }[] = [
    { name: 'as a column', of: query(person, { columns: ['pv_name', 'pv_secret'] }) },
    { name: 'in a filter', of: query(person, { where: { kind: 'not', of: secret } }) },
    {
      name: 'beside other conditions',
      of: query(person, { where: { kind: 'or', of: [is('pv_level', 'eq', 1), secret] } }),
    },
    { name: 'behind a lookup', of: query(person, { where: through(person, 'pv_manager', secret) }) },
    { name: 'behind a collection', of: query(team, { where: through(team, 'pv_members', secret) }) },
    { name: 'in the choice of rows that are looked at', of: query(person, { where: underSecret }) },
    {
      name: 'compared with another column',
      of: query(person, {
        where: { kind: 'compareColumns', op: 'eq', left: col(person, 'pv_name'), right: col(person, 'pv_secret') },
      }),
    },
    { name: 'as an order', of: query(person, { orderBy: ['-pv_secret'] }) },
    {
      name: 'as an order behind a lookup',
      of: {
        ...query(person),
        orderBy: [{ column: col(person, 'pv_secret'), descending: false, through: [{ navigation: manager }] }],
      },
    },
    {
      name: 'in an expand',
      of: query(person, { expand: [{ navigation: manager, query: query(person, { columns: ['pv_secret'] }) }] }),
    },
    {
      name: 'in an expand for display',
      of: query(person, {
        expand: [{ navigation: manager, optional: true, query: query(person, { columns: ['pv_secret'] }) }],
      }),
    },
    {
      name: 'in the filter of a nested expand',
      of: query(team, {
        expand: [
          {
            navigation: nav(team, 'pv_members'),
            query: query(person, { expand: [{ navigation: manager, query: query(person, { where: secret }) }] }),
          },
        ],
      }),
    },
  ];
  test.each(cases)('$name', ({ of }) => {
    expect(() => mintNativeRead(of)).toThrow('no plan for the hidden column pv_secret is minted');
  });
});
