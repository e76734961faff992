import type { ApplicationUser } from '../../../src/dataverse/application-user.ts';
import { type ClientId, type Guid, newGuid } from '../../../src/kernel/ids.ts';
import { privilegeIdOf } from '../../../src/metadata/privileges.ts';
import type { Bind, Operation } from '../../../src/odata/operation.ts';
import type { Value } from '../../../src/odata/query.ts';
import type { OperationResult } from '../../../src/odata/result.ts';
import {
  application,
  bind,
  create,
  idIn,
  message,
  navigation,
  query,
  retrieve,
  rowsIn,
  type Store,
  TestEnvironment,
} from '../support.ts';

export interface OpenedStore {
  readonly store: Store;
  close(): Promise<void>;
}

/** One environment that the tests of one engine share, and the operations that they are made of. */
export class NativeWorld {
  #environment: TestEnvironment | undefined;

  async open(store: Store): Promise<void> {
    this.#environment = await TestEnvironment.open(store);
  }

  get environment(): TestEnvironment {
    if (this.#environment === undefined) throw new TypeError('not opened');
    return this.#environment;
  }

  get admin(): ApplicationUser {
    return this.environment.admin;
  }

  get root(): Guid {
    return this.environment.base.rootBusinessUnitId;
  }

  readonly run = (operation: Operation, user: ApplicationUser = this.admin): Promise<OperationResult> =>
    this.environment.run(user, operation);

  readonly refusal = (operation: Operation, user: ApplicationUser = this.admin) =>
    this.environment.refusal(user, operation);

  readonly inRoot = (name: string): Bind => bind(name, 'businessunitid', this.root);

  /** An application that the directory knows, with a new client id. */
  readonly register = (name = 'ATS'): ClientId => {
    const clientId = newGuid<ClientId>();
    this.environment.applications.set(clientId, application(clientId, name));
    return clientId;
  };

  readonly createUser = async (more: Readonly<Record<string, Value>> = {}): Promise<Guid> => {
    const values = { applicationid: this.register(), ...more };
    return idIn(await this.run(create('systemuser', values, [this.inRoot('systemuser')])));
  };

  readonly createRole = async (name: string): Promise<Guid> =>
    idIn(await this.run(create('role', { name }, [this.inRoot('role')])));

  readonly createUnit = async (name: string, parent: Guid = this.root): Promise<Guid> =>
    idIn(await this.run(create('businessunit', { name }, [bind('businessunit', 'parentbusinessunitid', parent)])));

  /** The row of a role, or of its copy, in a business unit. */
  readonly roleIn = async (name: string, unit: Guid): Promise<Readonly<Record<string, Value>> | undefined> =>
    (await this.environment.rowsOf('role')).find((row) => row['name'] === name && row['businessunitid'] === unit);

  readonly read = async (name: string, id: Guid, columns: readonly string[]): Promise<Record<string, unknown>> => {
    const [row] = rowsIn(await this.run(retrieve(name, id, columns)));
    if (row === undefined) throw new Error('no row');
    return row;
  };

  readonly grants = (role: Guid, privilege: string, depth: unknown): Operation =>
    message(
      'AddPrivilegesRole',
      { Privileges: [{ PrivilegeId: privilegeIdOf(privilege), Depth: depth }] },
      { table: 'role', id: role },
    );

  readonly addPrivilege = (role: Guid, privilege: string, depth: unknown = 'Global'): Promise<OperationResult> =>
    this.run(this.grants(role, privilege, depth));

  /** Depth by name, as `RetrieveRolePrivilegesRole` says. */
  readonly privilegesOf = async (role: Guid): Promise<Record<string, string>> => {
    const result = await this.run(message('RetrieveRolePrivilegesRole', { RoleId: role }));
    if (result.kind !== 'message' || result.responseType !== 'RetrieveRolePrivilegesRoleResponse') {
      throw new TypeError(result.kind);
    }
    const held = result.members['RolePrivileges'] as readonly { PrivilegeName: string; Depth: string }[];
    return Object.fromEntries(held.map(({ PrivilegeName, Depth }) => [PrivilegeName, Depth]));
  };

  readonly related = (name: string, id: Guid, property: string, columns: readonly string[] = []): Operation => ({
    kind: 'retrieveRelated',
    id,
    navigation: navigation(name, property),
    query: query(navigation(name, property).target.logicalName, columns),
  });
}
