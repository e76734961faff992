import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import { literal, query, webApi } from '../../api/odata.ts';
import type { LookupOption, LookupSource } from '../../components/lookup.tsx';
import { rowsWith } from '../hr-security/container.ts';
import { roleSource as hrRoleSource } from '../human-resources/sources.ts';

export type RoleGate = 'dataverse' | 'human-resources';

/** A change of a role that is thought of, as it stands in the page's address. */
export interface RoleChange {
  readonly gate: RoleGate;
  /** Name of a security role, or identifier of a role of Human Resources. */
  readonly role: string;
  readonly loses: readonly string[];
  readonly isDeleted: boolean;
}

export const changeOf = (parameters: URLSearchParams): RoleChange => ({
  gate: parameters.get('gate') === 'human-resources' ? 'human-resources' : 'dataverse',
  role: parameters.get('role') ?? '',
  loses: parameters.getAll('loses'),
  isDeleted: parameters.has('deleted'),
});

export const parametersOf = ({ gate, role, loses, isDeleted }: RoleChange): URLSearchParams =>
  new URLSearchParams([
    ['gate', gate],
    ['role', role],
    ...(isDeleted ? [['deleted', 'true']] : loses.map((name) => ['loses', name])),
  ]);

/** A change of something. */
export const isWhole = ({ role, loses, isDeleted }: RoleChange): boolean =>
  role !== '' && (isDeleted || loses.length > 0);

/** The roles of a gate, by what the question names them by. */
export const rolesOf = (gate: RoleGate, language: OperatorLanguage): LookupSource =>
  gate === 'dataverse' ? securityRoles : hrRoleSource(language);

interface NamedRole {
  readonly roleid: string;
  readonly name: string;
}

const securityRoles: LookupSource = {
  key: 'security roles by name',
  load: async (api, signal) => {
    const options = query({ $select: 'name', $filter: '_parentroleid_value eq null', $orderby: 'name' });
    const { rows } = await api.list<NamedRole>(`${webApi}/roles${options}`, { signal });
    return rows.map(({ name }) => ({ value: name, label: name }));
  },
};

interface RolePrivileges {
  readonly RolePrivileges: readonly { readonly PrivilegeName: string }[];
}

/** What a role has and may lose: privileges, in Human Resources duties too. */
export const heldBy = ({ gate, role }: RoleChange): LookupSource => ({
  key: `held by ${gate} ${role}`,
  load: async (api, signal) => {
    if (role === '') return [];
    if (gate === 'human-resources') {
      const [duties, privileges] = await Promise.all([
        rowsWith(api, 'SecurityRoleDuties', 'SecurityRoleIdentifier', role, signal),
        rowsWith(api, 'SecurityRolePrivileges', 'SecurityRoleIdentifier', role, signal),
      ]);
      return sorted([
        ...duties.map((row) => row['SecurityDutyIdentifier'] ?? ''),
        ...privileges.map((row) => row['SecurityPrivilegeIdentifier'] ?? ''),
      ]);
    }
    const $filter = `name eq ${literal(role)} and _parentroleid_value eq null`;
    const { rows } = await api.list<NamedRole>(`${webApi}/roles${query({ $select: 'name', $filter })}`, { signal });
    const [found] = rows;
    if (found === undefined) return [];
    const path = `${webApi}/RetrieveRolePrivilegesRole(RoleId=${found.roleid})`;
    const { RolePrivileges: held } = await api.get<RolePrivileges>(path, { signal });
    return sorted(held.map(({ PrivilegeName }) => PrivilegeName));
  },
});

const sorted = (names: readonly string[]): readonly LookupOption[] =>
  [...names].sort((one, other) => one.localeCompare(other)).map((name) => ({ value: name, label: name }));
