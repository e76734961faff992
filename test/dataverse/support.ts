import type { ApplicationUser } from '../../src/dataverse/application-user.ts';
import { authorizeTable } from '../../src/dataverse/authorize-table.ts';
import { type BaseIds, createBaseRows } from '../../src/dataverse/base-rows.ts';
import { DataverseSecurity } from '../../src/dataverse/dataverse-security.ts';
import { findApplicationUser } from '../../src/dataverse/find-user.ts';
import { createFirstAdministrator } from '../../src/dataverse/first-administrator.ts';
import { valuesOf } from '../../src/dataverse/native/default-team.ts';
import type { DirectoryApplication, NativeDeps } from '../../src/dataverse/native/native-deps.ts';
import { runNative } from '../../src/dataverse/native/run-native.ts';
import { depthMasks } from '../../src/dataverse/privilege-index.ts';
import { getTable } from '../../src/dataverse/security-rows.ts';
import { type ClientId, type Guid, getGuid, namedGuid, newGuid } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import { type PrivilegeDepth, privilegeIdOf } from '../../src/metadata/privileges.ts';
import type { Column, Model, Navigation, SingleNavigation, Table } from '../../src/metadata/table.ts';
import type { Bind, Operation, Values } from '../../src/odata/operation.ts';
import type { Condition, Expand, Query, Value } from '../../src/odata/query.ts';
import type { OperationResult } from '../../src/odata/result.ts';
import type { MaintenanceStore, RowStore } from '../../src/odata/row-store.ts';
import { MemoryStore } from '../support/memory-store.ts';

export const model: Model = builtInModel();
export const table = (name: string): Table => getTable(model, name);

export function column(tableName: string, name: string): Column {
  const found = table(tableName).column.get(name);
  if (found === undefined) throw new TypeError(`no column ${name}`);
  return found;
}

export function navigation(tableName: string, name: string): Navigation {
  const found = table(tableName).navigation.get(name);
  if (found === undefined) throw new TypeError(`no navigation ${name} of ${tableName}`);
  return found;
}

export function lookup(tableName: string, name: string): SingleNavigation {
  const found = navigation(tableName, name);
  if (found.kind !== 'single') throw new TypeError(`${name} is no lookup`);
  return found;
}

export const organizationId: Guid = namedGuid('test organization');
const now = new Date('2025-03-04T05:06:07.890Z');
export const moment = '2025-03-04T05:06:07Z';
const adminClientId: ClientId = getGuid('aaaaaaaa-0000-4000-8000-000000000001');

/** An application that the directory knows. */
export const application = (clientId: ClientId, name = 'ATS'): DirectoryApplication => ({
  clientId,
  objectId: namedGuid(`object ${clientId}`),
  name,
  identifierUri: `api://${clientId}`,
  tenantDomain: 'fjord.onmicrosoft.com',
});

export type Store = RowStore & MaintenanceStore;

/** A new environment with its base rows and a System Administrator. */
export class TestEnvironment {
  readonly store: Store;
  readonly deps: NativeDeps;
  readonly base: BaseIds;
  readonly applications: Map<ClientId, DirectoryApplication>;

  private constructor(
    store: Store,
    deps: NativeDeps,
    base: BaseIds,
    applications: Map<ClientId, DirectoryApplication>,
  ) {
    this.store = store;
    this.deps = deps;
    this.base = base;
    this.applications = applications;
  }

  static async open(store: Store = new MemoryStore()): Promise<TestEnvironment> {
    const names = {
      organizationId,
      organizationName: 'Fjord',
      rootBusinessUnitName: 'Fjord',
      languageCode: 1044,
      moment,
    };
    const base = await store.maintain(async (rows) => {
      const ids = await createBaseRows(rows, model, names);
      const first = application(adminClientId, 'Administrator');
      await createFirstAdministrator(rows, model, { application: first, organizationId, baseIds: ids, moment });
      return ids;
    });
    const applications = new Map<ClientId, DirectoryApplication>();
    const security = await DataverseSecurity.load(store, model);
    const directory = { find: async (clientId: ClientId) => applications.get(clientId) };
    const deps: NativeDeps = {
      model,
      organizationId,
      tenantId: organizationId,
      organizationName: 'fjord',
      friendlyName: 'Fjord',
      publicUrl: 'https://fjord.example',
      rows: store,
      security,
      directory,
      definitions: { run: async (name) => Promise.reject(new Error(`${name} is not part of this world`)) },
      now: () => now,
    };
    return new TestEnvironment(store, deps, base, applications);
  }

  get admin(): ApplicationUser {
    return findApplicationUser(this.deps.security.current, adminClientId);
  }

  user(clientId: ClientId): ApplicationUser {
    return findApplicationUser(this.deps.security.current, clientId);
  }

  /** Puts a row into the store, past every gate. */
  async put(name: string, values: Readonly<Record<string, Value>>): Promise<Guid> {
    const id = getGuid(String(values[table(name).primaryKey.name] ?? newGuid()));
    const all = { [table(name).primaryKey.name]: id, ...values };
    await this.store.maintain((rows) => rows.insert(table(name), valuesOf(table(name).column, all)));
    return id;
  }

  async putUnit(name: string, parent: Guid = this.base.rootBusinessUnitId): Promise<Guid> {
    return this.put('businessunit', { name, parentbusinessunitid: parent, isdisabled: false });
  }

  async putUser(clientId: ClientId, more: Readonly<Record<string, Value>> = {}): Promise<Guid> {
    return this.put('systemuser', {
      applicationid: clientId,
      azureactivedirectoryobjectid: namedGuid(`object ${clientId}`),
      fullname: `User ${clientId.slice(-2)}`,
      accessmode: 4,
      businessunitid: this.base.rootBusinessUnitId,
      isdisabled: false,
      ...more,
    });
  }

  /** A role with these privileges, by name and depth. */
  async putRole(
    name: string,
    privileges: Readonly<Record<string, PrivilegeDepth>>,
    unit: Guid = this.base.rootBusinessUnitId,
  ): Promise<Guid> {
    const id = newGuid();
    const flags = { ismanaged: false, iscustomizable: true, canbedeleted: true, isinherited: 1 };
    await this.put('role', { roleid: id, name, businessunitid: unit, parentrootroleid: id, ...flags });
    for (const [privilege, depth] of Object.entries(privileges)) {
      await this.put('roleprivileges', {
        roleid: id,
        privilegeid: privilegeIdOf(privilege),
        privilegedepthmask: depthMasks[depth],
      });
    }
    return id;
  }

  async assign(user: Guid, role: Guid): Promise<void> {
    await this.put('systemuserroles', { systemuserid: user, roleid: role });
  }

  /** A user with one role that gives these privileges, in force. */
  async userWith(
    privileges: Readonly<Record<string, PrivilegeDepth>>,
    unit: Guid = this.base.rootBusinessUnitId,
  ): Promise<ApplicationUser> {
    const clientId = newGuid<ClientId>();
    const user = await this.putUser(clientId, { businessunitid: unit });
    await this.assign(user, await this.putRole(`Role ${clientId}`, privileges, unit));
    await this.deps.security.refresh();
    return this.user(clientId);
  }

  /** Both halves of a request on a native table. Throws the refusal of either. */
  async run(user: ApplicationUser, operation: Operation): Promise<OperationResult> {
    const decision = authorizeTable(this.deps.security.current, user, operation);
    if (decision.kind === 'deny') throw new Refusal('table', decision.problem);
    return runNative(this.deps, decision.grant);
  }

  /** Status and code of the refusal, and its text when asked for. */
  async refusal(
    user: ApplicationUser,
    operation: Operation,
  ): Promise<{ status: number; code: string; message: string }> {
    try {
      await this.run(user, operation);
    } catch (error) {
      if (error instanceof Refusal) return error.problem;
      throw error;
    }
    throw new Error('the operation was not refused');
  }

  async rowsOf(name: string): Promise<readonly Readonly<Record<string, Value>>[]> {
    const rows = await this.store.readAll(table(name));
    return rows.map((row) => Object.fromEntries([...row.values].map(([each, value]) => [each.name, value])));
  }
}

export function query(tableName: string, columns: readonly string[] = [], more: Partial<Query> = {}): Query {
  return {
    table: table(tableName),
    columns: columns.map((name) => column(tableName, name)),
    where: undefined,
    orderBy: [],
    expand: [],
    limit: 5000,
    countUpTo: undefined,
    after: undefined,
    etag: false,
    unsetTextAsEmpty: false,
    ...more,
  };
}

export const expand = (tableName: string, name: string, optional?: true): Expand => ({
  navigation: navigation(tableName, name),
  query: query(navigation(tableName, name).target.logicalName),
  ...(optional && { optional }),
});

export const through = (tableName: string, name: string, where: Condition): Condition => ({
  kind: 'through',
  navigation: navigation(tableName, name),
  where,
});

export const values = (tableName: string, given: Readonly<Record<string, Value>>): Values =>
  valuesOf(table(tableName).column, given);

export const bind = (tableName: string, name: string, id: Guid | null): Bind => ({
  navigation: lookup(tableName, name),
  id,
});

export const retrieve = (tableName: string, id: Guid, columns: readonly string[] = []): Operation => ({
  kind: 'retrieve',
  query: query(tableName, columns),
  id,
});

export const list = (tableName: string, more: Partial<Query> = {}): Operation => ({
  kind: 'retrieveMultiple',
  query: query(tableName, [], more),
  pageNumber: 1,
});

export const create = (
  tableName: string,
  given: Readonly<Record<string, Value>> = {},
  binds: readonly Bind[] = [],
): Extract<Operation, { kind: 'create' }> => ({
  kind: 'create',
  table: table(tableName),
  values: values(tableName, given),
  binds,
});

export const update = (
  tableName: string,
  id: Guid,
  given: Readonly<Record<string, Value>> = {},
  binds: readonly Bind[] = [],
): Extract<Operation, { kind: 'update' }> => ({
  kind: 'update',
  table: table(tableName),
  id,
  values: values(tableName, given),
  binds,
  mayCreate: false,
  mayUpdate: true,
});

export const upsert = (
  tableName: string,
  id: Guid,
  given: Readonly<Record<string, Value>> = {},
  binds: readonly Bind[] = [],
): Extract<Operation, { kind: 'update' }> => ({ ...update(tableName, id, given, binds), mayCreate: true });

export const remove = (tableName: string, id: Guid): Extract<Operation, { kind: 'delete' }> => ({
  kind: 'delete',
  table: table(tableName),
  id,
});

export const link = (
  kind: 'associate' | 'disassociate',
  tableName: string,
  id: Guid,
  name: string,
  targetId: Guid | undefined,
): Operation => ({ kind, table: table(tableName), id, navigation: navigation(tableName, name), targetId });

export const message = (
  name: string,
  parameters: Readonly<Record<string, unknown>> = {},
  bound?: { table: string; id: Guid },
): Operation => ({
  kind: 'message',
  name,
  parameters,
  ...(bound && { bound: { table: table(bound.table), id: bound.id } }),
});

/** Rows of a page or the one row, parsed. */
export function rowsIn(result: OperationResult): Record<string, unknown>[] {
  if (result.kind === 'page') return result.page.rows.map((text) => JSON.parse(text) as Record<string, unknown>);
  if (result.kind === 'row' || result.kind === 'created' || result.kind === 'updated') {
    return result.row === undefined ? [] : [JSON.parse(result.row) as Record<string, unknown>];
  }
  throw new TypeError(`${result.kind} has no rows`);
}

export function idIn(result: OperationResult): Guid {
  if (result.kind === 'created' || result.kind === 'updated') return result.id;
  throw new TypeError(`${result.kind} has no id`);
}
