import type { PrivilegeDepth } from '../../src/metadata/privileges.ts';
import { privilegeIdOf } from '../../src/metadata/privileges.ts';
import { label, nameColumn, typed } from '../definitions/change/apply.ts';
import { type Answer, ask } from './client.ts';
import { requestToken } from './connection.ts';
import { bodyOf, createdId, query, rowsOf, type WireRow } from './odata.ts';
import type { EmptyServer } from './server.ts';

/** An application user of the world, with a token. */
export interface Member {
  readonly id: string;
  readonly clientId: string;
  readonly token: string;
}

export type Caller = Member | 'admin';

export interface Send {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const depthWords = { basic: 'Basic', local: 'Local', deep: 'Deep', global: 'Global' } as const;

/** Business units, users, teams, roles and tables of one environment, made over the wire by its administrator. */
export class SecurityWorld {
  readonly root: string;
  readonly #server: EmptyServer;
  readonly #administrator: string;

  private constructor(server: EmptyServer, administrator: string, root: string) {
    this.#server = server;
    this.#administrator = administrator;
    this.root = root;
  }

  static async open(server: EmptyServer): Promise<SecurityWorld> {
    const token = await server.token('admin');
    const filter = query({ $filter: '_parentbusinessunitid_value eq null' });
    const answer = await ask(server.ca, `${server.url}/api/data/v9.2/businessunits?${filter}`, { token });
    return new SecurityWorld(server, token, String(rowsOf(answer)[0]?.['businessunitid']));
  }

  /** A request under `/api/data/v9.2/`. */
  send(as: Caller, path: string, { method = 'GET', body, headers = {} }: Send = {}): Promise<Answer> {
    const token = as === 'admin' ? this.#administrator : as.token;
    return ask(this.#server.ca, `${this.#server.url}/api/data/v9.2/${path}`, { method, body, headers, token });
  }

  async rows(as: Caller, path: string): Promise<readonly WireRow[]> {
    return rowsOf(await this.send(as, path));
  }

  /** The one row. Throws with the answer when there is none. */
  async row(as: Caller, path: string): Promise<WireRow> {
    return bodyOf(await this.send(as, path));
  }

  /** A request that must be answered with 204. */
  async done(as: Caller, path: string, options: Send): Promise<void> {
    const answer = await this.send(as, path, options);
    if (answer.status !== 204) throw new Error(`${options.method} ${path}: ${answer.status} ${answer.text}`);
  }

  async create(as: Caller, set: string, body: object): Promise<string> {
    return createdId(await this.send(as, set, { method: 'POST', body }));
  }

  addUnit(name: string, parent: string = this.root): Promise<string> {
    const bind = { 'parentbusinessunitid@odata.bind': `/businessunits(${parent})` };
    return this.create('admin', 'businessunits', { name, ...bind });
  }

  /** An application with a secret in the directory, and its application user. */
  async addUser(name: string, unit: string = this.root): Promise<Member> {
    const graph = await this.#server.token('admin', 'https://graph.microsoft.com/.default');
    const call = async (path: string, body: object, status: number): Promise<WireRow> => {
      const options = { method: 'POST', body, token: graph };
      return bodyOf(await ask(this.#server.ca, `${this.#server.url}/v1.0/${path}`, options), status);
    };
    const application = await call('applications', { displayName: name }, 201);
    const clientId = String(application['appId']);
    const credential = { passwordCredential: { displayName: 'test' } };
    const secret = String((await call(`applications/${application['id']}/addPassword`, credential, 200))['secretText']);
    await call('servicePrincipals', { appId: clientId }, 201);
    const bind = { 'businessunitid@odata.bind': `/businessunits(${unit})` };
    const id = await this.create('admin', 'systemusers', { applicationid: clientId, ...bind });
    const authority = `${this.#server.url}/${this.#server.tenantId}`;
    const scope = `${this.#server.url}/.default`;
    return { id, clientId, token: await requestToken(this.#server.ca, authority, { id: clientId, secret }, scope) };
  }

  addTeam(name: string, unit: string = this.root, more: object = {}): Promise<string> {
    const bind = { 'businessunitid@odata.bind': `/businessunits(${unit})` };
    return this.create('admin', 'teams', { name, ...bind, ...more });
  }

  /** A role of that business unit which gives these privileges, by name and depth. */
  async addRole(
    name: string,
    privileges: Readonly<Record<string, PrivilegeDepth>>,
    unit: string = this.root,
  ): Promise<string> {
    const bind = { 'businessunitid@odata.bind': `/businessunits(${unit})` };
    const role = await this.create('admin', 'roles', { name, ...bind });
    await this.setPrivileges(role, privileges);
    return role;
  }

  /** The role gives these privileges from now on, and no others. */
  async setPrivileges(role: string, privileges: Readonly<Record<string, PrivilegeDepth>>): Promise<void> {
    const Privileges = Object.entries(privileges).map(([privilege, depth]) => ({
      PrivilegeId: privilegeIdOf(privilege),
      Depth: depthWords[depth],
    }));
    const path = `roles(${role})/Microsoft.Dynamics.CRM.ReplacePrivilegesRole`;
    await this.done('admin', path, { method: 'POST', body: { Privileges } });
  }

  /** Links two rows through a navigation property: `systemusers(id)/systemuserroles_association`, `roles(id)`. */
  link(from: string, to: string): Promise<void> {
    const body = { '@odata.id': `${this.#server.url}/api/data/v9.2/${to}` };
    return this.done('admin', `${from}/$ref`, { method: 'POST', body });
  }

  giveRole(user: Member, role: string): Promise<void> {
    return this.link(`systemusers(${user.id})/systemuserroles_association`, `roles(${role})`);
  }

  giveTeamRole(team: string, role: string): Promise<void> {
    return this.link(`teams(${team})/teamroles_association`, `roles(${role})`);
  }

  join(team: string, user: Member): Promise<void> {
    return this.link(`teams(${team})/teammembership_association`, `systemusers(${user.id})`);
  }

  /** A table that users own, with a name column; the set is called by its logical name and an `s`. */
  async addTable(schemaName: string, more: object = {}): Promise<void> {
    const body = {
      '@odata.type': typed('EntityMetadata'),
      SchemaName: schemaName,
      DisplayName: label(schemaName),
      DisplayCollectionName: label(`${schemaName}s`),
      OwnershipType: 'UserOwned',
      Attributes: [nameColumn],
      ...more,
    };
    await this.done('admin', 'EntityDefinitions', { method: 'POST', body });
  }
}

/** The eight privileges of a table at one depth, or some of them. */
export const privilegesOn = (
  schemaName: string,
  depth: PrivilegeDepth,
  rights: readonly string[] = ['Create', 'Read', 'Write', 'Delete', 'Append', 'AppendTo', 'Assign', 'Share'],
): Readonly<Record<string, PrivilegeDepth>> =>
  Object.fromEntries(rights.map((right) => [`prv${right}${schemaName}`, depth]));
