import { nearestId } from '../../kernel/nearest.ts';
import { callHttp, type HttpAnswer } from '../http-call.ts';
import { filterOf } from '../lookups.ts';
import { parseRow, parseRows, type Row, type Session } from '../session.ts';

/** What checks look at. Everything is read once, when the first check asks for it, and nothing is changed. */
export class Facts {
  /** The administrator, who reads. */
  readonly admin: Session;
  /** The application itself, where its secret is known. */
  readonly application: Session | undefined;
  readonly clientId: string;
  readonly now: Date;

  constructor(admin: Session, application: Session | undefined, clientId: string, now: Date) {
    this.admin = admin;
    this.application = application;
    this.clientId = clientId.toLowerCase();
    this.now = now;
  }

  /** The Web API's answer to who brings no token. */
  readonly greeting = once(() => this.#public(`${this.admin.target.apiUrl}/api/data/v9.2/`));
  readonly discovery = once(() =>
    this.#public(`${this.admin.target.authorityUrl}/v2.0/.well-known/openid-configuration`),
  );

  readonly registrations = once(() => this.admin.all(this.admin.graph, 'applications'));
  readonly principals = once(() => this.admin.all(this.admin.graph, 'servicePrincipals'));
  readonly registration = once(async () => (await this.registrations()).find((row) => this.#isMine(row['appId'])));
  readonly principal = once(async () => (await this.principals()).find((row) => this.#isMine(row['appId'])));

  readonly users = once(() => {
    const columns = 'systemuserid,fullname,applicationid,isdisabled';
    const expand = 'businessunitid($select=name,isdisabled)';
    const path = `systemusers?$select=${columns}&$expand=${expand}&${filterOf('applicationid ne null')}`;
    return this.admin.all(this.admin.webApi, path);
  });
  readonly user = once(async () => (await this.users()).find((row) => this.#isMine(row['applicationid'])));
  /** Names of the privileges that the application user holds, in lower case. */
  readonly privileges = once(async () => {
    const id = (await this.user())?.['systemuserid'];
    const path = `systemusers(${id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()`;
    const held = parseRows(parseRow(await this.admin.webApi(path))['RolePrivileges']);
    const all = await this.admin.all(this.admin.webApi, 'privileges?$select=name,privilegeid');
    const names = new Map(all.map((row) => [row['privilegeid'], String(row['name']).toLowerCase()]));
    return new Set(held.map((row) => names.get(row['PrivilegeId'])));
  });

  readonly links = once(() => this.admin.all(this.admin.data, 'SysAADClients'));
  readonly link = once(async () => (await this.links()).find((row) => this.#isMine(row['AADClientId'])));
  readonly hrUsers = once(() => this.admin.all(this.admin.data, 'SystemUsers'));
  readonly hrRoles = once(() => this.admin.all(this.admin.data, 'SecurityUserRoleAssociations'));
  readonly organizations = once(() => this.admin.all(this.admin.data, 'SecurityUserRoleOrganizations'));
  readonly legalEntities = once(() => this.admin.all(this.admin.data, 'LegalEntities'));

  /** The Human Resources user that the application is linked to. */
  readonly hrUser = once(async () => this.hrUserNamed((await this.link())?.['UserId']));

  async hrUserNamed(userId: unknown): Promise<Row | undefined> {
    return (await this.hrUsers()).find((row) => isSame(row['UserID'], userId));
  }

  /** Identifiers of a user's roles in Human Resources. */
  async rolesOf(userId: unknown): Promise<readonly string[]> {
    const rows = (await this.hrRoles()).filter((row) => isSame(row['UserId'], userId));
    return rows.map((row) => String(row['SecurityRoleIdentifier']));
  }

  readonly #isMine = (id: unknown): boolean => String(id).toLowerCase() === this.clientId;

  #public(url: string): Promise<HttpAnswer> {
    return callHttp({ method: 'GET', url, ca: this.admin.target.ca });
  }
}

export const isSame = (one: unknown, other: unknown): boolean =>
  String(one).toLowerCase() === String(other).toLowerCase();

/** A client id that differs by so little that one is taken for the other. */
export const findNearMiss = (clientId: string, ids: readonly unknown[]): string | undefined =>
  nearestId(clientId, ids.map(String));

function once<T>(read: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= read();
    return known;
  };
}
