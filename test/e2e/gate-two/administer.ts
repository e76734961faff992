import type { Connection } from '../../support/connection.ts';
import { bodyOf, type WireRow } from '../../support/odata.ts';

type Data = Connection['data'];

/** One thing that an administrator does under `/data/`, and takes back afterwards. */
export type Change = (data: Data) => Promise<Undo>;
type Undo = () => Promise<void>;

async function must(data: Data, path: string, options: { method: string; body?: unknown }, status: number) {
  const answer = await data(path, options);
  if (answer.status !== status) throw new Error(`${options.method} ${path}: ${answer.status} ${answer.text}`);
  return answer;
}

/** Makes a row. */
export const make =
  (set: string, body: WireRow): Change =>
  async (data) => {
    const answer = await must(data, set, { method: 'POST', body }, 201);
    const key = decodeURIComponent((answer.headers['location'] ?? '').split('/data/')[1] ?? '');
    return async () => {
      await must(data, key, { method: 'DELETE' }, 204);
    };
  };

/** Changes columns of a row. */
export const change =
  (key: string, body: WireRow): Change =>
  async (data) => {
    const before = bodyOf(await data(key));
    const old = Object.fromEntries(Object.keys(body).map((name) => [name, before[name]]));
    await must(data, key, { method: 'PATCH', body }, 204);
    return async () => {
      await must(data, key, { method: 'PATCH', body: old }, 204);
    };
  };

/** Deletes a row. */
export const remove =
  (key: string): Change =>
  async (data) => {
    const { '@odata.context': _, ...before } = bodyOf(await data(key));
    await must(data, key, { method: 'DELETE' }, 204);
    return async () => {
      await must(data, key.slice(0, key.indexOf('(')), { method: 'POST', body: before }, 201);
    };
  };

/** Runs `job` while the changes are in force. */
export async function during(data: Data, changes: readonly Change[], job: () => Promise<void>): Promise<void> {
  const undos: Undo[] = [];
  try {
    for (const each of changes) undos.unshift(await each(data));
    await job();
  } finally {
    for (const undo of undos) await undo();
  }
}

/** A role with one privilege of its own that says `permissions`, given to a user. */
export function roleFor(user: string, role: string, ...permissions: readonly WireRow[]): readonly Change[] {
  const privilege = `${role}Privilege`;
  return [
    make('SecurityRoles', { SecurityRoleIdentifier: role, SecurityRoleName: role }),
    make('SecurityPrivileges', { SecurityPrivilegeIdentifier: privilege, SecurityPrivilegeName: privilege }),
    make('SecurityRolePrivileges', { SecurityRoleIdentifier: role, SecurityPrivilegeIdentifier: privilege }),
    ...permissions.map((permission) =>
      make('SecurityPrivilegePermissions', { SecurityPrivilegeIdentifier: privilege, ...permission }),
    ),
    make('SecurityUserRoleAssociations', { UserId: user, SecurityRoleIdentifier: role, SecurityRoleName: role }),
  ];
}

/** Keeps a role of a user to one legal entity. */
export const keepTo = (user: string, role: string, company: string): Change =>
  make('SecurityUserRoleOrganizations', {
    UserId: user,
    SecurityRoleIdentifier: role,
    OrganizationType: 'LegalEntity',
    OrganizationId: company,
  });

/** A policy for users with a role, on the rows of one data entity. */
export function policyFor(role: string, entity: string, query: string, more: WireRow = {}): readonly Change[] {
  const policy = { SecurityPolicyIdentifier: 'OwnPolicy', SecurityPolicyName: 'Own policy' };
  return [
    make('SecurityPolicies', {
      ...policy,
      PrimaryEntityName: entity,
      PolicyQuery: query,
      ContextString: role,
      ...more,
    }),
    make('SecurityPolicyConstrainedEntities', { SecurityPolicyIdentifier: 'OwnPolicy', SecurableName: entity }),
  ];
}
