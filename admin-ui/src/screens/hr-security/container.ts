import type { ApiClient } from '../../api/api-client.ts';
import { literal, query } from '../../api/odata.ts';
import type { LookupSource } from '../../components/lookup.tsx';
import type { MessageKey } from '../../i18n/en.ts';

/** A row of a set under `/data`; all that these screens read of it is text, apart from ticks. */
export type HrRow = Readonly<Record<string, string>>;

/** What holds other things: a role, a duty or a privilege. */
export interface Container {
  readonly set: 'SecurityRoles' | 'SecurityDuties' | 'SecurityPrivileges';
  /** The column of its identifier, which sets that speak of it have too. */
  readonly id: string;
  readonly name: string;
  /** Of its list. */
  readonly href: string;
  readonly texts: {
    readonly title: MessageKey;
    readonly text: MessageKey;
    readonly new: MessageKey;
    readonly deletion: MessageKey;
  };
  /** What it has, and sets that are copied with it. */
  readonly parts: readonly Part[];
  /** Who has it; those hold its deletion up. */
  readonly holders: readonly Holder[];
}

/** Things of another kind that a container has, by a set of pairs. */
export interface Part {
  readonly title: MessageKey;
  readonly set: string;
  /** The column of the pair that names the thing. */
  readonly member: string;
  readonly of: () => Container;
}

export interface Holder {
  readonly title: MessageKey;
  readonly set: string;
  /** The column that names this container. */
  readonly by: string;
  /** The column that names the holder. */
  readonly member: string;
  readonly href: string;
}

export const roleKind: Container = {
  ...{ set: 'SecurityRoles', id: 'SecurityRoleIdentifier', name: 'SecurityRoleName', href: '/hr-roles' },
  texts: { title: 'hrRoles.title', text: 'hrRoles.text', new: 'hrRoles.new', deletion: 'hrRoles.deletion' },
  parts: [
    {
      ...{ title: 'hrDuties.title', set: 'SecurityRoleDuties', member: 'SecurityDutyIdentifier' },
      of: () => dutyKind,
    },
    {
      ...{ title: 'hrPrivileges.short', set: 'SecurityRolePrivileges', member: 'SecurityPrivilegeIdentifier' },
      of: () => privilegeKind,
    },
    {
      ...{ title: 'hrRoles.inside', set: 'SecurityRoleSubRoles', member: 'SubRoleIdentifier' },
      of: () => roleKind,
    },
  ],
  holders: [
    {
      ...{ title: 'hrUsers.title', set: 'SecurityUserRoleAssociations', by: 'SecurityRoleIdentifier' },
      ...{ member: 'UserId', href: '/hr-users' },
    },
    {
      ...{ title: 'hrRoles.title', set: 'SecurityRoleSubRoles', by: 'SubRoleIdentifier' },
      ...{ member: 'SecurityRoleIdentifier', href: '/hr-roles' },
    },
    {
      ...{ title: 'hrPolicies.title', set: 'SecurityPolicies', by: 'ContextString' },
      ...{ member: 'SecurityPolicyIdentifier', href: '/hr-policies' },
    },
  ],
};

export const dutyKind: Container = {
  ...{ set: 'SecurityDuties', id: 'SecurityDutyIdentifier', name: 'SecurityDutyName', href: '/hr-duties' },
  texts: { title: 'hrDuties.title', text: 'hrDuties.text', new: 'hrDuties.new', deletion: 'hrDuties.deletion' },
  parts: [
    {
      ...{ title: 'hrPrivileges.short', set: 'SecurityDutyPrivileges', member: 'SecurityPrivilegeIdentifier' },
      of: () => privilegeKind,
    },
  ],
  holders: [
    {
      ...{ title: 'hrRoles.title', set: 'SecurityRoleDuties', by: 'SecurityDutyIdentifier' },
      ...{ member: 'SecurityRoleIdentifier', href: '/hr-roles' },
    },
  ],
};

export const privilegeKind: Container = {
  ...{ set: 'SecurityPrivileges', id: 'SecurityPrivilegeIdentifier', name: 'SecurityPrivilegeName' },
  href: '/hr-privileges',
  texts: {
    ...{ title: 'hrPrivileges.title', text: 'hrPrivileges.text' },
    ...{ new: 'hrPrivileges.new', deletion: 'hrPrivileges.deletion' },
  },
  parts: [],
  holders: [
    {
      ...{ title: 'hrDuties.title', set: 'SecurityDutyPrivileges', by: 'SecurityPrivilegeIdentifier' },
      ...{ member: 'SecurityDutyIdentifier', href: '/hr-duties' },
    },
    {
      ...{ title: 'hrRoles.title', set: 'SecurityRolePrivileges', by: 'SecurityPrivilegeIdentifier' },
      ...{ member: 'SecurityRoleIdentifier', href: '/hr-roles' },
    },
  ],
};

export const listKey = ({ set }: Pick<Container, 'set'>): readonly string[] => ['hr security', set];

/** The address of a row by its key columns. */
export function rowPath(set: string, keys: HrRow): string {
  const parts = Object.entries(keys).map(([name, value]) => `${name}=${encodeURIComponent(literal(value))}`);
  return `/data/${set}(${parts.join(',')})`;
}

export const containerPath = ({ set, id }: Container, identifier: string): string => rowPath(set, { [id]: identifier });

/** Rows of a set in which a column has a value. */
export async function rowsWith<T = HrRow>(
  api: ApiClient,
  set: string,
  column: string,
  value: string,
  signal?: AbortSignal,
): Promise<readonly T[]> {
  const options = query({ $filter: `${column} eq ${literal(value)}` });
  return (await api.list<T>(`/data/${set}${options}`, { signal })).rows;
}

/** All containers of a kind, by name and identifier. */
export const sourceOf = (kind: Container, nameOf: (row: HrRow) => string): LookupSource => ({
  key: kind.set,
  load: async (api, signal) => {
    const { rows } = await api.list<HrRow>(`/data/${kind.set}`, { signal });
    return rows.map((row) => ({ value: row[kind.id] ?? '', label: nameOf(row), secondary: row[kind.id] ?? '' }));
  },
});

const permissionsSet = 'SecurityPrivilegePermissions';

/**
 * Makes a container, with all that another one has where one is named. Either all of it is there afterwards, or nothing:
 * a copy that stops half way is taken away again.
 */
export async function createContainer(api: ApiClient, kind: Container, row: HrRow, copyOf: string): Promise<void> {
  const sets = kind.set === 'SecurityPrivileges' ? [permissionsSet] : kind.parts.map(({ set }) => set);
  const belongings = copyOf === '' ? [] : await Promise.all(sets.map((set) => rowsWith(api, set, kind.id, copyOf)));
  await api.change('POST', `/data/${kind.set}`, { body: row });
  const identifier = row[kind.id] ?? '';
  try {
    for (const [at, rows] of belongings.entries()) {
      for (const each of rows) {
        await api.change('POST', `/data/${sets[at]}`, { body: { ...withoutNotes(each), [kind.id]: identifier } });
      }
    }
  } catch (error) {
    await api.change('DELETE', containerPath(kind, identifier));
    throw error;
  }
}

/** Without what the surface tells about a row. */
const withoutNotes = (row: HrRow): HrRow =>
  Object.fromEntries(Object.entries(row).filter(([name]) => !name.startsWith('@')));
