import type { Row, Session } from '../../session.ts';
import { compareNames, compareValues, differencesOfNames, type Kind, sameName } from '../kind.ts';
import type { HrRoleDefinitionSetup } from '../setup.ts';
import { address } from './hr-users.ts';

/** What a role of Human Resources holds: a set under `/data/`, and the column with the name of what is held. */
const held = {
  duties: { set: 'SecurityRoleDuties', column: 'SecurityDutyIdentifier', word: 'duty' },
  privileges: { set: 'SecurityRolePrivileges', column: 'SecurityPrivilegeIdentifier', word: 'privilege' },
  childRoles: { set: 'SecurityRoleSubRoles', column: 'SubRoleIdentifier', word: 'child role' },
} as const;

type Member = keyof typeof held;
const members = Object.keys(held) as Member[];

const roleOf = (row: Row): string => String(row['SecurityRoleIdentifier']);

/** Roles of Human Resources by what they hold. Duties and privileges themselves are the product's. */
export const hrRoles: Kind<HrRoleDefinitionSetup> = {
  kind: 'hrRoles',
  nameOf: ({ role }) => role,
  order: childrenFirst,
  async read({ data, all }) {
    const roles = await all(data, 'SecurityRoles');
    const lists = await Promise.all(
      members.map(async (member) => [member, await all(data, held[member].set)] as const),
    );
    return roles.map((row) => {
      const contextString = String(row['ContextString'] ?? '');
      const holds = lists.map(([member, rows]) => [member, namesIn(rows, roleOf(row), held[member].column)] as const);
      return {
        ...{ role: roleOf(row), name: String(row['SecurityRoleName'] ?? '') },
        ...(contextString !== '' && { contextString }),
        ...Object.fromEntries(holds.filter(([, names]) => names.length > 0)),
      };
    });
  },
  compare: (wanted, current) => [
    ...compareValues(wanted, current, ['name', 'contextString']),
    ...members.flatMap((member) => compareNames(held[member].word, wanted[member] ?? [], current?.[member] ?? [])),
  ],
  async apply(session, wanted, current) {
    const { role, name, contextString } = wanted;
    const values = {
      SecurityRoleName: name ?? current?.name ?? role,
      ...(contextString !== undefined && { ContextString: contextString }),
    };
    if (current === undefined) {
      await session.data('SecurityRoles', { method: 'POST', body: { SecurityRoleIdentifier: role, ...values } });
    } else if (compareValues(wanted, current, ['name', 'contextString']).length > 0) {
      const path = address('SecurityRoles', { SecurityRoleIdentifier: role });
      await session.data(path, { method: 'PATCH', body: values });
    }
    for (const member of members) await applyHeld(session, role, member, wanted[member] ?? [], current?.[member] ?? []);
  },
};

/** A role inside another one has to be there before it. Roles inside each other end the walk. */
function childrenFirst(items: readonly HrRoleDefinitionSetup[]): readonly HrRoleDefinitionSetup[] {
  const ordered = new Set<HrRoleDefinitionSetup>();
  const visit = (item: HrRoleDefinitionSetup, above: readonly HrRoleDefinitionSetup[]): void => {
    if (ordered.has(item) || above.includes(item)) return;
    for (const child of item.childRoles ?? []) {
      const found = items.find(({ role }) => sameName(role, child));
      if (found !== undefined) visit(found, [...above, item]);
    }
    ordered.add(item);
  };
  for (const item of items) visit(item, []);
  return [...ordered];
}

const namesIn = (rows: readonly Row[], role: string, column: string): readonly string[] =>
  rows
    .filter((row) => sameName(roleOf(row), role))
    .map((row) => String(row[column]))
    .sort();

async function applyHeld(
  { data }: Session,
  role: string,
  member: Member,
  wanted: readonly string[],
  current: readonly string[],
): Promise<void> {
  const { set, column } = held[member];
  for (const { sign, name } of differencesOfNames(wanted, current)) {
    const row = { SecurityRoleIdentifier: role, [column]: name };
    if (sign === '-') await data(address(set, row), { method: 'DELETE' });
    else await data(set, { method: 'POST', body: row });
  }
}
