import { describe, expect, test } from 'vitest';
import type { Organisation } from '../prove/gate-one/organisation.ts';
import { compareGateOne } from '../prove/gate-one/run.ts';
import { sizes } from '../prove/sizes.ts';

describe('the first gate decides what an evaluator says that was written from its description', () => {
  test('random requests in random organisations, every outcome among them', () => {
    const { decisions, outcomes, disagreements } = compareGateOne(sizes.gateOne.test);
    expect(disagreements).toEqual([]);
    expect([...outcomes.keys()].sort()).toEqual([
      'allowed',
      'does not reach the row',
      'lacks a privilege',
      'may not act for others',
      'no role',
      'not a member',
      'unknown user',
      'user disabled',
    ]);
    expect([...outcomes.values()].reduce((sum, count) => sum + count, 0)).toBe(decisions);
  });

  /** What the product is told wrongly in each: a decision that went by it would be wrong in the same way. */
  const faults: readonly { readonly name: string; readonly plant: (organisation: Organisation) => Organisation }[] = [
    {
      name: 'a right that is deeper than it was given',
      plant: (organisation) => ({
        ...organisation,
        roles: organisation.roles.map((role) => ({
          ...role,
          grants: new Map([...role.grants].map(([need, level]) => [need, level === 'basic' ? 'local' : level])),
        })),
      }),
    },
    {
      name: 'a disabled user who is not',
      plant: (organisation) => ({
        ...organisation,
        users: organisation.users.map((user) => ({ ...user, disabled: false })),
      }),
    },
    {
      name: 'a member who is none',
      plant: (organisation) => ({
        ...organisation,
        users: organisation.users.map((user, at) => (at === 0 ? { ...user, teams: [] } : user)),
      }),
    },
    {
      name: 'a unit that lies elsewhere',
      plant: (organisation) => ({
        ...organisation,
        units: organisation.units.map((unit) =>
          unit.parent === undefined ? unit : { ...unit, parent: organisation.units[0]?.id },
        ),
      }),
    },
    {
      name: 'roles for teams only that count for members',
      plant: (organisation) => ({
        ...organisation,
        roles: organisation.roles.map((role) => ({ ...role, teamOnly: false })),
      }),
    },
  ];

  test.each(faults)('$name is found', ({ plant }) => {
    expect(compareGateOne({ ...sizes.gateOne.test, plant }).disagreements.length).toBeGreaterThan(0);
  });
});
