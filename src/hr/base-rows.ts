import type { ClientId } from '../kernel/ids.ts';
import { entityActions } from '../metadata/entity-actions.ts';
import {
  type EntityPrivilegeDefinition,
  entityPrivileges,
  recruitingPrivileges,
} from '../metadata/entity-permissions.ts';
import type { Model, Table } from '../metadata/table.ts';
import type { Values } from '../odata/operation.ts';
import { equals, type Value } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import { administrationRow } from './administration-row.ts';
import { type BaseDuty, baseDuties, baseRoles, recruitingDuties } from './base-roles.ts';
import { systemAdministratorRole } from './effective-access.ts';
import { type FieldPrivilege, fieldPrivileges } from './field-privileges.ts';
import { administrationTable, columnOf } from './hr-rows.ts';
import { adapterRole, adapterService, platformClientId } from './hr-session.ts';
import { hrLevels, securableName } from './level.ts';

/** A row to be inserted. */
export interface BaseRow {
  readonly table: Table;
  readonly values: Values;
}

/** User that the platform's calls arrive as; it may call the adapter and see no data (human-resources-security 1). */
const platformUser = 'PowerPlatformApp';

/** User with full power that every environment starts with. */
const administratorUser = 'Admin';

/** The rows that every environment's administration tables start with (human-resources-security 2.7, 2.8 and 4). */
export function baseHrRows(model: Model): readonly BaseRow[] {
  return [...securityRows(model), ...userRows(), ...platformLinks].map(({ set, named }) => {
    const table = administrationTable(model, set);
    return { table, values: administrationRow(table, named) };
  });
}

/** Inserts those base rows that are not there yet. Full power: for setting an environment up, never for a caller. */
export async function writeBaseHrRows(rows: Transaction, model: Model): Promise<void> {
  for (const { table, values } of baseHrRows(model)) await insertMissing(rows, table, values);
}

/**
 * Links the application that is to administer a new environment to the user `Admin`: somebody must be let in before there
 * is anybody to ask. Full power: for setting an environment up. Throws when another application has been linked before.
 */
export async function linkFirstAdministrator(
  rows: Transaction,
  model: Model,
  application: { readonly clientId: ClientId; readonly name: string },
): Promise<void> {
  const table = administrationTable(model, 'SysAADClients');
  const clientId = columnOf(table, 'AADClientId');
  const known = new Set<Value>([
    application.clientId,
    ...platformLinks.map(({ named }) => named['AADClientId'] ?? null),
  ]);
  const others = await rows.list(table, { kind: 'compare', op: 'ne', column: clientId, value: null }, known.size + 1);
  if (others.some((row) => !known.has(row.values.get(clientId) ?? null))) {
    throw new Error('applications have been linked already: link further ones as an administrator, under /data/');
  }
  const named = { AADClientId: application.clientId, Name: application.name, UserId: administratorUser };
  await insertMissing(rows, table, administrationRow(table, named));
}

export async function insertMissing(rows: Transaction, table: Table, values: Values): Promise<void> {
  const [id] = [...values].flatMap(([column, value]) => (column === table.primaryKey ? [value] : []));
  const where = equals(table.primaryKey, id ?? null);
  if ((await rows.list(table, where, 1)).length === 0) await rows.insert(table, values);
}

interface NamedRow {
  readonly set: string;
  readonly named: Readonly<Record<string, Value>>;
}

const row = (set: string, named: NamedRow['named']): NamedRow => ({ set, named });

function securityRows(model: Model): NamedRow[] {
  const privileges = entityPrivileges(model);
  const duties = [...baseDuties, ...Object.values(recruitingDuties)];
  return [
    ...baseRoles.map(({ identifier, name }) =>
      row('SecurityRoles', { SecurityRoleIdentifier: identifier, SecurityRoleName: name }),
    ),
    ...duties.map(({ identifier, name }) =>
      row('SecurityDuties', { SecurityDutyIdentifier: identifier, SecurityDutyName: name }),
    ),
    ...privileges.flatMap(privilegeRows),
    ...fieldPrivileges(model).flatMap(fieldPrivilegeRows),
    ...adapterRows,
    ...invokeRows(model),
    ...baseRoles.flatMap((role) =>
      (role.duties ?? []).map((duty) =>
        row('SecurityRoleDuties', { SecurityRoleIdentifier: role.identifier, SecurityDutyIdentifier: duty }),
      ),
    ),
    ...baseDuties.flatMap(dutyPrivileges),
    ...recruitingPrivileges(model).map(recruitingDutyPrivilege),
  ];
}

function privilegeRows({
  identifier,
  name,
  securableName,
  integrationMode,
  levels,
}: EntityPrivilegeDefinition): NamedRow[] {
  const states = hrLevels.map((level) => [level, levels.includes(level) ? 'Grant' : 'Unset']);
  return [
    row('SecurityPrivileges', { SecurityPrivilegeIdentifier: identifier, SecurityPrivilegeName: name }),
    row('SecurityPrivilegePermissions', {
      SecurityPrivilegeIdentifier: identifier,
      SecurableType: 'DataEntity',
      SecurableName: securableName,
      SecurableField: '',
      IntegrationMode: integrationMode,
      ...Object.fromEntries(states),
      Invoke: 'Unset',
    }),
  ];
}

function fieldPrivilegeRows({ identifier, name, entity, field, levels }: FieldPrivilege): NamedRow[] {
  const states = hrLevels.map((level) => [level, levels.includes(level) ? 'Grant' : 'Unset']);
  return [
    row('SecurityPrivileges', { SecurityPrivilegeIdentifier: identifier, SecurityPrivilegeName: name }),
    row('SecurityPrivilegePermissions', {
      SecurityPrivilegeIdentifier: identifier,
      SecurableType: 'DataEntityField',
      SecurableName: entity,
      SecurableField: field,
      IntegrationMode: 'DataServices',
      ...Object.fromEntries(states),
    }),
  ];
}

const adapterPrivilege = { SecurityPrivilegeIdentifier: `${adapterService}Invoke` };

/** What the adapter's role is for: calling the service behind virtual tables (human-resources-security 2.7). */
const adapterRows: readonly NamedRow[] = [
  row('SecurityPrivileges', { ...adapterPrivilege, SecurityPrivilegeName: 'Call the virtual table adapter service' }),
  row('SecurityPrivilegePermissions', {
    ...adapterPrivilege,
    SecurableType: 'ServiceOperation',
    SecurableName: adapterService,
    SecurableField: '',
    IntegrationMode: 'All',
    Invoke: 'Grant',
  }),
  row('SecurityRolePrivileges', { SecurityRoleIdentifier: adapterRole, ...adapterPrivilege }),
];

const dutyPrivileges = ({ identifier, maintains = [], views = [], invokes = [] }: BaseDuty): NamedRow[] =>
  [
    ...maintains.map((entity) => `${entity}Maintain`),
    ...views.map((entity) => `${entity}View`),
    ...invokes.map(invokePrivilege),
  ].map((privilege) =>
    row('SecurityDutyPrivileges', { SecurityDutyIdentifier: identifier, SecurityPrivilegeIdentifier: privilege }),
  );

/** Identifier of the privilege to call an action. */
const invokePrivilege = (action: string): string => `${action.slice(action.indexOf('_') + 1)}Invoke`;

/** For each action that asks for it, the privilege to call it. */
function invokeRows(model: Model): NamedRow[] {
  return entityActions.flatMap(({ name, method, boundTo, access }) => {
    const table = model.table.get(boundTo);
    if (access.kind !== 'Invoke' || table === undefined) return [];
    const identifier = invokePrivilege(name);
    return [
      row('SecurityPrivileges', {
        SecurityPrivilegeIdentifier: identifier,
        SecurityPrivilegeName: `Invoke ${method} of ${table.label}`,
      }),
      row('SecurityPrivilegePermissions', {
        SecurityPrivilegeIdentifier: identifier,
        SecurableType: 'DataEntityMethod',
        SecurableName: securableName(table),
        SecurableField: method,
        IntegrationMode: 'DataServices',
        ...Object.fromEntries(hrLevels.map((level) => [level, 'Unset'])),
        Invoke: 'Grant',
      }),
    ];
  });
}

function recruitingDutyPrivilege({ identifier, levels }: EntityPrivilegeDefinition): NamedRow {
  const duty = levels.length > 1 ? recruitingDuties.maintain : recruitingDuties.inquire;
  return row('SecurityDutyPrivileges', {
    SecurityDutyIdentifier: duty.identifier,
    SecurityPrivilegeIdentifier: identifier,
  });
}

/** The platform's user holds the adapter's role alone; the administrator holds full power, by name. */
function userRows(): NamedRow[] {
  const users = [
    { id: platformUser, name: 'Power Platform application', role: adapterRole, provider: 'NonAAD' },
    { id: administratorUser, name: 'Administrator', role: systemAdministratorRole, provider: 'NonAAD' },
  ];
  return users.flatMap(({ id, name, role, provider }) => [
    row('SystemUsers', {
      UserID: id,
      UserName: name,
      NetworkDomain: provider,
      Alias: id,
      Email: id,
      Enabled: true,
      UserInfo_language: 'en-us',
      Helplanguage: 'en-us',
    }),
    row('SecurityUserRoleAssociations', {
      UserId: id,
      SecurityRoleIdentifier: role,
      SecurityRoleName: baseRoles.find(({ identifier }) => identifier === role)?.name ?? role,
      AssignmentStatus: 'Enabled',
      AssignmentMode: 'Manual',
    }),
  ]);
}

/** Rows of the applications form that exist by design (human-resources-security 4). */
const platformLinks: readonly NamedRow[] = [
  { clientId: platformClientId, name: 'PowerPlatformApplication' },
  { clientId: 'f1752846-f0df-4766-96f5-c109adf67d7f', name: 'PowerPlatRuntimeApp' },
].map(({ clientId, name }) => row('SysAADClients', { AADClientId: clientId, Name: name, UserId: platformUser }));
