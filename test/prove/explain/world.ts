import { join } from 'node:path';
import { atsTables } from '../../../src/cli/doctor/ats-tables.ts';
import type { Gate } from '../../../src/explain/condition.ts';
import { builtInModel } from '../../../src/metadata/built-in.ts';
import type { Table } from '../../../src/metadata/table.ts';
import { run } from '../../cli/run.ts';
import type { Answer, Ask } from '../../support/client.ts';
import type { Connection } from '../../support/connection.ts';
import { bodyOf, createdId, rowsOf, type WireRow } from '../../support/odata.ts';

/** Identifiers of what the self-test makes. */
export const names = { hrUser: 'SelfTest', hrRole: 'SelfTestReader', company: 'selv' } as const;

/** What the application sends; a break changes it, and so may a fix. */
export interface Sends {
  clientId: string;
  secret: string;
  tenant: string;
  scope: string;
}

/** A table of the source document, with what breaks need to know of it. */
export interface Asked {
  readonly table: Table;
  readonly hasRows: boolean;
}

let address = 0;

/** An application that passes both gates for every table of the source document, and an administrator who takes that away. */
export class World {
  readonly #server: Connection;
  readonly sends: Sends;
  readonly right: Readonly<Sends>;
  readonly rootUnit: string;
  readonly securityRole: string;
  /** Object id of the app registration. */
  readonly application: string;
  #token: string | undefined;

  private constructor(
    server: Connection,
    right: Sends,
    made: Pick<World, 'rootUnit' | 'securityRole' | 'application'>,
  ) {
    this.#server = server;
    this.right = right;
    this.sends = { ...right };
    this.rootUnit = made.rootUnit;
    this.securityRole = made.securityRole;
    this.application = made.application;
  }

  static async open(server: Connection): Promise<World> {
    const graph = await graphOf(server);
    const application = await graph('applications', { method: 'POST', body: { displayName: 'Self-test' } });
    const { id, appId } = application;
    await graph('servicePrincipals', { method: 'POST', body: { appId } });
    const secret = await graph(`applications/${id}/addPassword`, { method: 'POST', body: { passwordCredential: {} } });
    const filter = encodeURIComponent('_parentbusinessunitid_value eq null');
    const units = await server.api(`businessunits?$select=businessunitid&$filter=${filter}`, { as: 'admin' });
    const rootUnit = String(rowsOf(units)[0]?.['businessunitid']);
    const securityRole = await makeSecurityRole(server, rootUnit);
    await makeHrRole(server);
    const tenant = new URL(server.env.AUTHORITY_URL).pathname.slice(1);
    const right = {
      clientId: String(appId),
      secret: String(secret['secretText']),
      tenant,
      scope: `${server.url}/.default`,
    };
    const world = new World(server, right, { rootUnit, securityRole, application: String(id) });
    await world.restore();
    return world;
  }

  get url(): string {
    return this.#server.url;
  }

  /** As the administrator; whatever the answer is. */
  readonly webApi = (path: string, ask: Ask = {}): Promise<Answer> => this.#server.api(path, { as: 'admin', ...ask });
  readonly data = (path: string, ask: Ask = {}): Promise<Answer> => this.#server.data(path, ask);
  async graph(path: string, ask: Ask = {}): Promise<Answer> {
    const token = await this.#server.token('admin', 'https://graph.microsoft.com/.default');
    return this.#server.ask(`/v1.0/${path}`, { token, ...ask });
  }

  /** As the administrator; throws unless it was done. */
  async done(surface: 'webApi' | 'data' | 'graph', path: string, ask: Ask): Promise<Answer> {
    const answer = await this[surface](path, ask);
    if (answer.status >= 300) throw new Error(`${ask.method} ${path}: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** The next request asks for a new token. */
  forgetToken(): void {
    this.#token = undefined;
  }

  /** The application's own request: a token where it has none, then the call. A refused token is its answer. */
  async ask(path: string, ask: Ask = {}): Promise<Answer> {
    if (this.#token === undefined) {
      const answer = await this.requestToken();
      if (answer.status !== 200) return answer;
      this.#token = String(bodyOf(answer)['access_token']);
    }
    return this.#server.ask(`/api/data/v9.2/${path}`, { token: this.#token, ...ask });
  }

  requestToken(): Promise<Answer> {
    const { clientId, secret, tenant, scope } = this.sends;
    const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, scope });
    if (secret !== '') form.set('client_secret', secret);
    address += 1;
    return this.#server.ask(`/${tenant}/oauth2/v2.0/token`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        // Who sends many wrong secrets is slowed down: each comes from a network of its own.
        'x-forwarded-for': `10.${(address >> 8) & 255}.${address & 255}.1`,
      },
      body: form.toString(),
    });
  }

  /** A command line of the administrator. */
  async command(...words: string[]): Promise<unknown> {
    const file = join(this.#server.dataFolder, 'demo.env');
    const ran = await run([...words, '--as', 'admin', '--json', '--env', file]);
    if (ran.code !== 0) throw new Error(`portvakt ${words.join(' ')}: ${ran.err}`);
    return JSON.parse(ran.out) as unknown;
  }

  async findUser(): Promise<WireRow | undefined> {
    const filter = encodeURIComponent(`applicationid eq ${this.right.clientId}`);
    const expand = '$expand=systemuserroles_association($select=roleid,name)';
    const found = await this.webApi(`systemusers?$select=systemuserid,isdisabled&$filter=${filter}&${expand}`);
    return rowsOf(found)[0];
  }

  /** Everything as it was, or what one gate looks at: the user with the one role, the link, the one role in Human Resources. */
  async restore(gate?: Gate): Promise<void> {
    Object.assign(this.sends, {
      ...this.right,
      secret: this.sends.secret === '' ? this.right.secret : this.sends.secret,
    });
    if (gate !== 'human-resources') await this.#restoreUser();
    if (gate === undefined || gate === 'human-resources') await this.#restoreHr();
    this.forgetToken();
  }

  async #restoreUser(): Promise<void> {
    const bind = { 'businessunitid@odata.bind': `/businessunits(${this.rootUnit})` };
    const user = await this.findUser();
    const id =
      user === undefined
        ? createdId(
            await this.done('webApi', 'systemusers', {
              method: 'POST',
              body: { applicationid: this.right.clientId, ...bind },
            }),
          )
        : String(user['systemuserid']);
    if (user?.['isdisabled'] === true) {
      await this.done('webApi', `systemusers(${id})`, { method: 'PATCH', body: { isdisabled: false } });
    }
    const held = (user?.['systemuserroles_association'] ?? []) as readonly WireRow[];
    for (const { roleid } of held) if (roleid !== this.securityRole) await this.revoke(id, String(roleid));
    if (!held.some(({ roleid }) => roleid === this.securityRole)) {
      const body = { '@odata.id': `${this.url}/api/data/v9.2/roles(${this.securityRole})` };
      await this.done('webApi', `systemusers(${id})/systemuserroles_association/$ref`, { method: 'POST', body });
    }
  }

  async revoke(user: string, role: string): Promise<void> {
    await this.done('webApi', `systemusers(${user})/systemuserroles_association(${role})/$ref`, { method: 'DELETE' });
  }

  async #restoreHr(): Promise<void> {
    const link = `SysAADClients('${this.right.clientId}')`;
    const found = await this.data(link);
    const body = { AADClientId: this.right.clientId, Name: 'Self-test', UserId: names.hrUser };
    if (found.status === 404) await this.done('data', 'SysAADClients', { method: 'POST', body });
    else if (bodyOf(found)['UserId'] !== names.hrUser) {
      await this.done('data', link, { method: 'PATCH', body: { UserId: names.hrUser } });
    }
    await this.done('data', `SystemUsers('${names.hrUser}')`, { method: 'PATCH', body: { Enabled: true } });
    const filter = encodeURIComponent(`UserId eq '${names.hrUser}'`);
    const roles = rowsOf(await this.data(`SecurityUserRoleAssociations?$filter=${filter}`));
    const organizations = rowsOf(await this.data(`SecurityUserRoleOrganizations?$filter=${filter}`));
    for (const row of organizations) {
      const key = `UserId='${names.hrUser}',SecurityRoleIdentifier='${row['SecurityRoleIdentifier']}',OrganizationType='LegalEntity',OrganizationId='${row['OrganizationId']}'`;
      await this.done('data', `SecurityUserRoleOrganizations(${encodeURIComponent(key)})`, { method: 'DELETE' });
    }
    for (const row of roles) {
      const role = String(row['SecurityRoleIdentifier']);
      if (role !== names.hrRole) await this.done('data', assignmentOf(role), { method: 'DELETE' });
    }
    if (!roles.some((row) => row['SecurityRoleIdentifier'] === names.hrRole)) {
      const assignment = { UserId: names.hrUser, SecurityRoleIdentifier: names.hrRole };
      await this.done('data', 'SecurityUserRoleAssociations', { method: 'POST', body: assignment });
    }
  }

  /** The tables of the source document. */
  async tables(): Promise<readonly Asked[]> {
    const model = builtInModel();
    const asked: Asked[] = [];
    for (const name of atsTables) {
      const table = model.table.get(name);
      if (table === undefined) throw new Error(`the model has no ${name}`);
      const rows = rowsOf(await this.webApi(`${table.entitySetName}?$top=1&$select=${table.primaryKey.name}`));
      asked.push({ table, hasRows: rows.length > 0 });
    }
    return asked;
  }
}

export const assignmentOf = (role: string): string =>
  `SecurityUserRoleAssociations(${encodeURIComponent(`UserId='${names.hrUser}',SecurityRoleIdentifier='${role}'`)})`;

async function graphOf(server: Connection) {
  const token = await server.token('admin', 'https://graph.microsoft.com/.default');
  return async (path: string, ask: Ask): Promise<WireRow> => {
    const answer = await server.ask(`/v1.0/${path}`, { token, ...ask });
    return bodyOf(answer, answer.status < 300 ? answer.status : 200);
  };
}

/** Read on every table of the source document, and nothing else. */
async function makeSecurityRole(server: Connection, unit: string): Promise<string> {
  const body = { name: 'Self-test', 'businessunitid@odata.bind': `/businessunits(${unit})` };
  const role = createdId(await server.api('roles', { as: 'admin', method: 'POST', body }));
  const all = rowsOf(await server.api('privileges?$select=name,privilegeid', { as: 'admin' }));
  const wanted = new Set(atsTables.map((table) => `prvread${table}`));
  const Privileges = all
    .filter((row) => wanted.has(String(row['name']).toLowerCase()))
    .map((row) => ({ PrivilegeId: row['privilegeid'], Depth: 'Global', BusinessUnitId: unit }));
  const path = `roles(${role})/Microsoft.Dynamics.CRM.AddPrivilegesRole`;
  const answer = await server.api(path, { as: 'admin', method: 'POST', body: { Privileges } });
  if (answer.status >= 300) throw new Error(answer.text);
  return role;
}

/** A user of Human Resources, and a role with the privileges to view the data entities of the source document. */
async function makeHrRole(server: Connection): Promise<void> {
  const post = async (set: string, body: object): Promise<void> => {
    const answer = await server.data(set, { method: 'POST', body });
    if (answer.status >= 300) throw new Error(`${set}: ${answer.status} ${answer.text}`);
  };
  await post('SecurityRoles', { SecurityRoleIdentifier: names.hrRole, SecurityRoleName: names.hrRole });
  const filter = encodeURIComponent("SecurableType eq 'DataEntity' and Read eq 'Grant'");
  const permissions = rowsOf(await server.data(`SecurityPrivilegePermissions?$filter=${filter}`));
  for (const table of atsTables) {
    const entity = table.slice(table.indexOf('_') + 1);
    const views = permissions.filter((row) => String(row['SecurableName']).toLowerCase() === entity);
    const view = views.find((row) => String(row['SecurityPrivilegeIdentifier']).endsWith('View')) ?? views[0];
    if (view === undefined) continue;
    const { SecurityPrivilegeIdentifier } = view;
    await post('SecurityRolePrivileges', { SecurityRoleIdentifier: names.hrRole, SecurityPrivilegeIdentifier });
  }
  // Protected columns have privileges of their own.
  const ofFields = encodeURIComponent("SecurableType eq 'DataEntityField' and Read eq 'Grant'");
  for (const { SecurityPrivilegeIdentifier } of rowsOf(
    await server.data(`SecurityPrivilegePermissions?$filter=${ofFields}`),
  )) {
    await post('SecurityRolePrivileges', { SecurityRoleIdentifier: names.hrRole, SecurityPrivilegeIdentifier });
  }
  const words = { Alias: names.hrUser, Email: names.hrUser, NetworkDomain: names.hrUser };
  const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
  await post('SystemUsers', {
    UserID: names.hrUser,
    UserName: names.hrUser,
    ...words,
    ...language,
    Company: 'usmf',
    Enabled: true,
  });
  await post('LegalEntities', { LegalEntityId: names.company, Name: 'Selvtest' });
}
