import { adapterRole, platformClientId } from '../../../src/hr/hr-session.ts';
import { securableField, securableName } from '../../../src/hr/level.ts';
import type { ConditionId } from '../../../src/kernel/cause.ts';
import type { Column, Table } from '../../../src/metadata/table.ts';
import type { Answer } from '../../support/client.ts';
import { rowsOf } from '../../support/odata.ts';
import { type Asked, assignmentOf, names, type World } from './world.ts';

/** One way to have a condition not met. */
export interface Breakage {
  readonly name: string;
  readonly condition: ConditionId;
  /** Tables that it can be shown on; default: all. */
  isFor?(asked: Asked): boolean;
  break(world: World, asked: Asked): Promise<void>;
  /** The request; default: the table's first row. */
  ask?(world: World, asked: Asked): Promise<Answer>;
  /** Takes back what a fix leaves behind that `World.restore` does not know of. */
  after?(world: World, asked: Asked): Promise<void>;
}

const isVirtual = ({ table }: Asked): boolean => table.kind === 'virtual';
const isVirtualWithRows = (asked: Asked): boolean => isVirtual(asked) && asked.hasRows;

/** An id that is taken for another one. */
const misread = (id: string): string => `${id.slice(0, -1)}${id.endsWith('0') ? '1' : '0'}`;

const readPrivilege = ({ logicalName, privilegeSuffix }: Table): string => `prvRead${privilegeSuffix ?? logicalName}`;

async function privilegeId(world: World, table: Table): Promise<string> {
  const filter = encodeURIComponent(`name eq '${readPrivilege(table)}'`);
  return String(rowsOf(await world.webApi(`privileges?$select=privilegeid&$filter=${filter}`))[0]?.['privilegeid']);
}

async function userId(world: World): Promise<string> {
  return String((await world.findUser())?.['systemuserid']);
}

const post = (world: World, set: string, body: object) => world.done('data', set, { method: 'POST', body });
const patch = (world: World, path: string, body: object) => world.done('data', path, { method: 'PATCH', body });
const remove = (world: World, path: string) => world.done('data', path, { method: 'DELETE' });

const encoded = (set: string, key: Readonly<Record<string, string>>): string => {
  const text = Object.entries(key).map(([name, value]) => `${name}='${value}'`);
  return `${set}(${encodeURIComponent(text.join(','))})`;
};

const platformUser = async (world: World): Promise<string> => {
  const [row] = rowsOf(
    await world.data(`SysAADClients?$filter=${encodeURIComponent(`AADClientId eq '${platformClientId}'`)}`),
  );
  return String(row?.['UserId']);
};

/** The privilege of the self-test's role that lets it read an entity. */
async function viewOf(world: World, table: Table): Promise<string> {
  const filter = encodeURIComponent(`SecurityRoleIdentifier eq '${names.hrRole}'`);
  const held = rowsOf(await world.data(`SecurityRolePrivileges?$filter=${filter}`));
  const privilege = held.map((row) => String(row['SecurityPrivilegeIdentifier']));
  const entity = encodeURIComponent(`SecurableName eq '${securableName(table)}' and SecurableType eq 'DataEntity'`);
  const rows = rowsOf(await world.data(`SecurityPrivilegePermissions?$filter=${entity}`));
  const found = rows.map((row) => String(row['SecurityPrivilegeIdentifier'])).find((each) => privilege.includes(each));
  if (found === undefined) throw new Error(`${names.hrRole} has nothing on ${table.logicalName}`);
  return found;
}

/** A column to take away: a protected one where the table has one. */
const columnOf = ({ table }: Asked): Column | undefined =>
  table.columns.find((column) => column.protected === true) ??
  table.columns.find(
    (column) =>
      column !== table.primaryKey &&
      column !== table.company &&
      column !== table.primaryName &&
      column.type === 'String' &&
      column.hidden !== true &&
      column.systemGenerated !== true,
  );

const fieldPermission = (table: Table, column: Column) => ({
  SecurityPrivilegeIdentifier: 'SelfTestDeny',
  SecurableType: 'DataEntityField',
  SecurableName: securableName(table),
  SecurableField: securableField(column),
  IntegrationMode: 'All',
});

const entityPermission = (table: Table) => ({
  SecurityPrivilegeIdentifier: 'SelfTestDeny',
  SecurableType: 'DataEntity',
  SecurableName: securableName(table),
  SecurableField: '',
  IntegrationMode: 'All',
});

/** A privilege that denies, in the self-test's role. */
async function denyBy(world: World, permission: Readonly<Record<string, string>>): Promise<void> {
  await world.data('SecurityPrivileges', {
    method: 'POST',
    body: { SecurityPrivilegeIdentifier: 'SelfTestDeny', SecurityPrivilegeName: 'Self-test' },
  });
  await world.data('SecurityRolePrivileges', {
    method: 'POST',
    body: { SecurityRoleIdentifier: names.hrRole, SecurityPrivilegeIdentifier: 'SelfTestDeny' },
  });
  await post(world, 'SecurityPrivilegePermissions', { ...permission, Read: 'Deny' });
}

/** Every condition of the chain that administrators can have not met; those of single requests are in the tests. */
export const breakages: readonly Breakage[] = [
  {
    name: 'a token for another surface',
    condition: 'token',
    async break(world) {
      world.sends.scope = `${world.url}/data/.default`;
    },
  },
  {
    name: 'a tenant that is not there',
    condition: 'tenant',
    async break(world) {
      world.sends.tenant = misread(world.right.tenant);
    },
  },
  {
    name: 'a client id with another last character',
    condition: 'application',
    async break(world) {
      world.sends.clientId = misread(world.right.clientId);
    },
  },
  {
    name: 'a service principal that was deleted',
    condition: 'consent',
    async break(world) {
      await world.done('graph', `servicePrincipals(appId='${world.right.clientId}')`, { method: 'DELETE' });
    },
  },
  {
    name: 'a service principal that is disabled',
    condition: 'application-enabled',
    async break(world) {
      const body = { accountEnabled: false };
      await world.done('graph', `servicePrincipals(appId='${world.right.clientId}')`, { method: 'PATCH', body });
    },
  },
  {
    name: 'the id of the secret instead of the secret',
    condition: 'credential',
    async break(world) {
      const shown = await world.graph(`applications/${world.application}?$select=passwordCredentials`);
      const secrets = (shown.json() as { passwordCredentials: readonly { keyId: string }[] }).passwordCredentials;
      // Old ones go, or their number would reach its limit.
      for (const { keyId } of secrets.slice(1)) {
        await world.done('graph', `applications/${world.application}/removePassword`, {
          method: 'POST',
          body: { keyId },
        });
      }
      world.sends.secret = String(secrets[0]?.keyId);
    },
  },
  {
    name: 'a scope that is no resource',
    condition: 'resource',
    async break(world) {
      world.sends.scope = 'https://elsewhere.example/.default';
    },
  },
  {
    name: 'an application user that was deleted',
    condition: 'application-user',
    async break(world) {
      const id = await userId(world);
      await world.done('webApi', `systemusers(${id})`, { method: 'PATCH', body: { isdisabled: true } });
      await world.done('webApi', `systemusers(${id})`, { method: 'DELETE' });
    },
  },
  {
    name: 'an application user that is disabled',
    condition: 'user-enabled',
    async break(world) {
      await world.done('webApi', `systemusers(${await userId(world)})`, {
        method: 'PATCH',
        body: { isdisabled: true },
      });
    },
  },
  {
    name: 'no security role',
    condition: 'roles',
    break: async (world) => world.revoke(await userId(world), world.securityRole),
  },
  {
    name: 'a security role without the privilege',
    condition: 'privilege',
    async break(world, { table }) {
      const path = `roles(${world.securityRole})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`;
      const body = { PrivilegeId: await privilegeId(world, table) };
      await world.done('webApi', path, { method: 'POST', body });
    },
    // A role that was made by the fix goes; the privilege is back in the first one.
    after: addRead,
  },
  {
    name: 'the link of the platform deleted',
    condition: 'platform-link',
    isFor: isVirtual,
    async break(world) {
      await remove(world, `SysAADClients('${platformClientId}')`);
    },
  },
  {
    name: 'the user of the platform disabled',
    condition: 'platform-link',
    isFor: isVirtual,
    async break(world) {
      await patch(world, `SystemUsers('${await platformUser(world)}')`, { Enabled: false });
    },
  },
  {
    name: 'the role of the platform taken away',
    condition: 'platform-link',
    isFor: isVirtual,
    async break(world) {
      const key = { UserId: await platformUser(world), SecurityRoleIdentifier: adapterRole };
      await remove(world, encoded('SecurityUserRoleAssociations', key));
    },
  },
  {
    name: 'an application link that was deleted',
    condition: 'application-link',
    isFor: isVirtual,
    break: async (world) => void (await remove(world, `SysAADClients('${world.right.clientId}')`)),
  },
  {
    name: 'an application link without a user',
    condition: 'hr-user',
    isFor: isVirtual,
    break: async (world) => void (await patch(world, `SysAADClients('${world.right.clientId}')`, { UserId: null })),
  },
  {
    name: 'a Human Resources user who is disabled',
    condition: 'hr-user-enabled',
    isFor: isVirtual,
    break: async (world) => void (await patch(world, `SystemUsers('${names.hrUser}')`, { Enabled: false })),
  },
  {
    name: 'no role in Human Resources',
    condition: 'hr-role',
    isFor: isVirtual,
    break: async (world) => void (await remove(world, assignmentOf(names.hrRole))),
  },
  {
    name: 'a role assignment that is switched off',
    condition: 'hr-role',
    isFor: isVirtual,
    break: async (world) => void (await patch(world, assignmentOf(names.hrRole), { AssignmentStatus: 'Disabled' })),
  },
  {
    name: 'a role without the permission',
    condition: 'permission',
    isFor: isVirtual,
    async break(world, { table }) {
      const key = { SecurityRoleIdentifier: names.hrRole, SecurityPrivilegeIdentifier: await viewOf(world, table) };
      await remove(world, encoded('SecurityRolePrivileges', key));
    },
  },
  {
    name: 'a permission that denies',
    condition: 'permission',
    isFor: isVirtual,
    break: (world, { table }) => denyBy(world, entityPermission(table)),
    after: async (world, { table }) =>
      void (await remove(world, encoded('SecurityPrivilegePermissions', entityPermission(table)))),
  },
  {
    name: 'a role that holds in another legal entity',
    condition: 'legal-entity',
    isFor: (asked) => isVirtualWithRows(asked) && asked.table.company !== undefined,
    async break(world) {
      await post(world, 'SecurityUserRoleOrganizations', {
        ...{ UserId: names.hrUser, SecurityRoleIdentifier: names.hrRole },
        ...{ OrganizationType: 'LegalEntity', OrganizationId: names.company },
      });
    },
  },
  {
    name: 'a policy that leaves no row',
    condition: 'policy',
    isFor: isVirtualWithRows,
    async break(world, { table }) {
      await post(world, 'SecurityPolicies', {
        ...{ SecurityPolicyIdentifier: 'SelfTestPolicy', SecurityPolicyName: 'Self-test', Enabled: true },
        ...{ PrimaryEntityName: securableName(table), Operation: 'AllOperations' },
        ...{ ContextType: 'RoleName', ContextString: names.hrRole },
        PolicyQuery: `${table.primaryKey.name} eq 00000000-0000-0000-0000-000000000000`,
      });
      await post(world, 'SecurityPolicyConstrainedEntities', {
        ...{ SecurityPolicyIdentifier: 'SelfTestPolicy', SecurableName: securableName(table), RelationPath: '' },
      });
    },
    after: async (world) => void (await remove(world, "SecurityPolicies('SelfTestPolicy')")),
  },
  {
    name: 'a protected column that is not granted',
    condition: 'protected-column',
    isFor: ({ table }) => table.columns.some((column) => column.protected === true),
    async break(world, asked) {
      const { SecurableName, SecurableField } = fieldPermission(asked.table, columnOf(asked) as Column);
      const condition = `SecurableName eq '${SecurableName}' and SecurableField eq '${SecurableField}' and Read eq 'Grant'`;
      const filter = encodeURIComponent(condition);
      for (const row of rowsOf(await world.data(`SecurityPrivilegePermissions?$filter=${filter}`))) {
        const SecurityPrivilegeIdentifier = String(row['SecurityPrivilegeIdentifier']);
        const key = { SecurityRoleIdentifier: names.hrRole, SecurityPrivilegeIdentifier };
        await remove(world, encoded('SecurityRolePrivileges', key));
      }
    },
    ask: (world, asked) => world.ask(`${asked.table.entitySetName}?$top=1&$select=${columnOf(asked)?.name}`),
  },
  {
    name: 'a column that is denied',
    condition: 'protected-column',
    isFor: (asked) => isVirtual(asked) && columnOf(asked) !== undefined,
    break: (world, asked) => denyBy(world, fieldPermission(asked.table, columnOf(asked) as Column)),
    ask: (world, asked) => world.ask(`${asked.table.entitySetName}?$top=1&$select=${columnOf(asked)?.name}`),
    after: async (world, asked) =>
      void (await remove(
        world,
        encoded('SecurityPrivilegePermissions', fieldPermission(asked.table, columnOf(asked) as Column)),
      )),
  },
];

async function addRead(world: World, { table }: Asked): Promise<void> {
  const Privileges = [
    { PrivilegeId: await privilegeId(world, table), Depth: 'Global', BusinessUnitId: world.rootUnit },
  ];
  const path = `roles(${world.securityRole})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
  await world.done('webApi', path, { method: 'POST', body: { Privileges } });
}
