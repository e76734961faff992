import type { CanIAnswer } from '../../../src/can-i/answers.ts';
import { fieldPrivileges } from '../../../src/hr/field-privileges.ts';
import { builtInModel } from '../../../src/metadata/built-in.ts';
import { label, nameColumn, typed } from '../../definitions/change/apply.ts';
import { type Answer, type Ask, ask } from '../../support/client.ts';
import { type Member, privilegesOn, SecurityWorld } from '../../support/security-world.ts';
import type { EmptyServer } from '../../support/server.ts';
import type { Dice } from '../gate-one/organisation.ts';

/** What can be asked about: a table, with bodies that nothing but a right can refuse. */
export interface Target {
  readonly table: string;
  readonly set: string;
  readonly id: string;
  /** Columns that a read names. */
  readonly columns: readonly string[];
  readonly creates?: (company: string, mark: number) => Readonly<Record<string, unknown>>;
  readonly changes?: Readonly<Record<string, unknown>>;
  readonly deletes?: true;
}

export const targets: readonly Target[] = [
  {
    ...{ table: 'new_account', set: 'new_accounts', id: 'new_accountid', columns: ['new_name', 'new_secret'] },
    creates: (_, mark) => ({ new_name: `made ${mark}`, ...(mark % 3 === 0 && { new_secret: 's' }) }),
    changes: { new_name: 'changed' },
    deletes: true,
  },
  {
    ...{ table: 'new_account', set: 'new_accounts', id: 'new_accountid', columns: ['new_secret'] },
    changes: { new_secret: 'changed' },
  },
  { table: 'team', set: 'teams', id: 'teamid', columns: ['name'] },
  {
    ...{ table: 'mshr_hcmtitleentity', set: 'mshr_hcmtitleentities', id: 'mshr_hcmtitleentityid' },
    columns: ['mshr_titleid'],
    creates: (_, mark) => ({ mshr_titleid: `T${mark}` }),
    deletes: true,
  },
  {
    ...{ table: 'mshr_hcmcandidatetohireentity', set: 'mshr_hcmcandidatetohireentities' },
    ...{ id: 'mshr_hcmcandidatetohireentityid', columns: ['mshr_lastname'] },
    creates: (company) => ({ mshr_firstname: 'Kari', mshr_lastname: 'Nordmann', mshr_dataareaid: company }),
    changes: { mshr_firstname: 'Ola' },
    deletes: true,
  },
  {
    ...{ table: 'mshr_hcmpersonidentificationnumberentity', set: 'mshr_hcmpersonidentificationnumberentities' },
    ...{ id: 'mshr_hcmpersonidentificationnumberentityid', columns: ['mshr_identificationnumber'] },
  },
  {
    ...{ table: 'mshr_dirpersonentity', set: 'mshr_dirpersonentities', id: 'mshr_dirpersonentityid' },
    columns: ['mshr_lastname'],
  },
];

export const companies = ['usmf', 'dat', 'ukon'] as const;

const privileges: readonly (readonly [name: string, depths: readonly ('basic' | 'local' | 'deep' | 'global')[]])[] = [
  ...Object.keys(privilegesOn('new_Account', 'basic')).map(
    (name) => [name, ['basic', 'basic', 'local', 'deep', 'global']] as const,
  ),
  ['prvReadTeam', ['local', 'deep', 'global']],
  ...['prvReadmshr_hcmtitleentity', 'prvCreatemshr_hcmtitleentity', 'prvDeletemshr_hcmtitleentity'].map(
    (name) => [name, ['global']] as const,
  ),
  ...['Read', 'Create', 'Write', 'Delete'].map(
    (right) => [`prv${right}mshr_hcmcandidatetohireentity`, ['global']] as const,
  ),
  ['prvReadmshr_hcmpersonidentificationnumberentity', ['global']],
  ['prvReadmshr_dirpersonentity', ['global']],
];

const hrPrivileges: readonly string[] = [
  ...['HcmTitleEntity', 'HcmCandidateToHireEntity', 'DirPersonEntity', 'HcmPersonIdentificationNumberEntity'].flatMap(
    (entity) => [`${entity}View`, `${entity}Maintain`],
  ),
  ...fieldPrivileges(builtInModel())
    .filter(({ entity }) => entity === 'hcmpersonidentificationnumberentity')
    .map(({ identifier }) => identifier),
  'CanIDenies',
];

const hrRoles = ['CanIOne', 'CanITwo', 'CanIThree'] as const;
const hrUsers = ['CanIAnna', 'CanIBo', 'CanICam'] as const;
const applications = 5;
const policies = [
  { name: 'CanISees', operation: 'Select', query: "mshr_firstname eq 'Kari'", role: 'CanIOne' },
  { name: 'CanIDoes', operation: 'AllOperations', query: "mshr_dataareaid eq 'usmf'", role: 'CanITwo' },
] as const;

/** An environment whose administrator changes something of everybody's rights all the time. */
export class CanIWorld {
  readonly #server: EmptyServer;
  readonly #security: SecurityWorld;
  readonly members: readonly Member[];
  readonly #roles: readonly string[];
  readonly #profile: string;
  readonly #unit: string;
  readonly #rows = new Map<string, string[]>();
  #marks = 0;

  private constructor(
    server: EmptyServer,
    security: SecurityWorld,
    made: { members: readonly Member[]; roles: readonly string[]; profile: string; unit: string },
  ) {
    this.#server = server;
    this.#security = security;
    this.members = made.members;
    this.#roles = made.roles;
    this.#profile = made.profile;
    this.#unit = made.unit;
  }

  static async open(server: EmptyServer): Promise<CanIWorld> {
    const security = await SecurityWorld.open(server);
    const secret = {
      ...{ '@odata.type': typed('StringAttributeMetadata'), SchemaName: 'new_Secret' },
      ...{ DisplayName: label('Secret'), IsSecured: true },
    };
    await security.addTable('new_Account', { Attributes: [nameColumn, secret] });
    const unit = await security.addUnit('Below');
    const members: Member[] = [];
    for (let at = 0; at < applications; at++) {
      members.push(await security.addUser(`Can ${at}`, at < 3 ? security.root : unit));
    }
    const roles: string[] = [];
    for (let at = 0; at < 4; at++) roles.push(await security.addRole(`Can ${at}`, {}));
    const profile = await security.create('admin', 'fieldsecurityprofiles', { name: 'Can I' });
    await security.create('admin', 'fieldpermissions', {
      'fieldsecurityprofileid@odata.bind': `/fieldsecurityprofiles(${profile})`,
      ...{ entityname: 'new_account', attributelogicalname: 'new_secret', canread: 4, cancreate: 4, canupdate: 0 },
    });
    const world = new CanIWorld(server, security, { members, roles, profile, unit });
    await world.#fill();
    return world;
  }

  /** A number that was not there before. */
  mark(): number {
    this.#marks += 1;
    return this.#marks;
  }

  /** A row of the table, or one that is not there. */
  row(dice: Dice, { table }: Target): string {
    const rows = this.#rows.get(table) ?? [];
    return rows.length === 0 || dice.chance(10) ? '99999999-9999-4999-8999-999999999999' : dice.pick(rows);
  }

  addRow({ table }: Target, id: string): void {
    this.#rows.set(table, [...(this.#rows.get(table) ?? []), id].slice(-30));
  }

  send(member: Member, path: string, ask: Ask): Promise<Answer> {
    return this.#security.send(member, path, ask);
  }

  async canI(options: Readonly<Record<string, string>>): Promise<CanIAnswer> {
    const token = await this.#server.token('admin');
    const url = `${this.#server.url}/portvakt/v1/can-i?${new URLSearchParams(options)}`;
    const answer = await ask(this.#server.ca, url, { token });
    if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`);
    return answer.json() as CanIAnswer;
  }

  /** One change of somebody's rights. What is so already, or was not so, changes nothing. */
  async change(dice: Dice): Promise<void> {
    const member = dice.pick(this.members);
    const [hrUser, hrRole] = [dice.pick(hrUsers), dice.pick(hrRoles)];
    const role = dice.pick(this.#roles);
    const at = this.members.indexOf(member);
    const assignment = { UserId: hrUser, SecurityRoleIdentifier: hrRole };
    const organization = { ...assignment, OrganizationType: 'LegalEntity', OrganizationId: dice.pick(companies) };
    const gives = dice.chance(70);
    await dice.pick([
      () => this.#setPrivileges(dice, role),
      () => this.#setPrivileges(dice, role),
      async () =>
        this.#toggle(
          gives,
          `systemusers(${member.id})/systemuserroles_association`,
          `roles(${await this.#copyOf(role, at)})`,
        ),
      async () =>
        this.#toggle(
          gives,
          `systemusers(${member.id})/systemuserroles_association`,
          `roles(${await this.#copyOf(role, at)})`,
        ),
      () => this.#patch(`systemusers(${member.id})`, { isdisabled: dice.chance(5) }),
      () =>
        this.#toggle(
          gives,
          `systemusers(${member.id})/systemuserprofiles_association`,
          `fieldsecurityprofiles(${this.#profile})`,
        ),
      () => this.#share(dice, member),
      () =>
        dice.chance(92) ? this.#link(member, hrUser) : this.#data(`SysAADClients('${member.clientId}')`, 'DELETE'),
      () => this.#data(`SystemUsers('${hrUser}')`, 'PATCH', { Enabled: dice.chance(96) }),
      () =>
        gives
          ? this.#data('SecurityUserRoleAssociations', 'POST', assignment)
          : this.#data(keyed('SecurityUserRoleAssociations', assignment), 'DELETE'),
      () =>
        this.#data(keyed('SecurityUserRoleAssociations', assignment), 'PATCH', {
          AssignmentStatus: gives ? 'Enabled' : 'Disabled',
        }),
      () =>
        dice.chance(40)
          ? this.#data('SecurityUserRoleOrganizations', 'POST', organization)
          : this.#data(keyed('SecurityUserRoleOrganizations', organization), 'DELETE'),
      () => this.#hrPrivilege(dice, hrRole),
      () => this.#hrPrivilege(dice, hrRole),
      () => this.#data(`SecurityPolicies('${dice.pick(policies).name}')`, 'PATCH', { Enabled: dice.chance(40) }),
    ])();
  }

  async #setPrivileges(dice: Dice, role: string): Promise<void> {
    const given = privileges.filter(() => dice.chance(60)).map(([name, depths]) => [name, dice.pick(depths)] as const);
    await this.#security.setPrivileges(role, Object.fromEntries(given));
  }

  async #hrPrivilege(dice: Dice, role: string): Promise<void> {
    const privilege = dice.pick(hrPrivileges);
    const row = { SecurityRoleIdentifier: role, SecurityPrivilegeIdentifier: privilege };
    const gives = privilege === 'CanIDenies' ? dice.chance(20) : dice.chance(75);
    await (gives
      ? this.#data('SecurityRolePrivileges', 'POST', row)
      : this.#data(keyed('SecurityRolePrivileges', row), 'DELETE'));
  }

  /** Users of the unit below hold the role's copy there. */
  async #copyOf(role: string, member: number): Promise<string> {
    if (member < 3) return role;
    const filter = encodeURIComponent(`_parentrootroleid_value eq ${role} and _businessunitid_value eq ${this.#unit}`);
    const rows = await this.#security.rows('admin', `roles?$select=roleid&$filter=${filter}`);
    return String(rows[0]?.['roleid']);
  }

  async #toggle(gives: boolean, from: string, to: string): Promise<void> {
    const id = /\((.+)\)/.exec(to)?.[1];
    if (gives) {
      const body = { '@odata.id': `${this.#server.url}/api/data/v9.2/${to}` };
      await this.#security.send('admin', `${from}/$ref`, { method: 'POST', body });
    } else await this.#security.send('admin', `${from}(${id})/$ref`, { method: 'DELETE' });
  }

  async #patch(path: string, body: object): Promise<void> {
    await this.#security.send('admin', path, { method: 'PATCH', body });
  }

  async #share(dice: Dice, member: Member): Promise<void> {
    const rows = this.#rows.get('new_account') ?? [];
    const type = 'Microsoft.Dynamics.CRM.systemuser';
    await this.#security.send('admin', 'GrantAccess', {
      method: 'POST',
      body: {
        Target: { '@odata.type': 'Microsoft.Dynamics.CRM.new_account', new_accountid: dice.pick(rows) },
        PrincipalAccess: {
          Principal: { '@odata.type': type, systemuserid: member.id },
          AccessMask: dice.pick(['ReadAccess', 'ReadAccess, WriteAccess', 'ReadAccess, WriteAccess, DeleteAccess']),
        },
      },
    });
  }

  async #link({ clientId }: Member, user: string): Promise<void> {
    const made = await this.#data('SysAADClients', 'POST', { AADClientId: clientId, Name: 'Can I', UserId: user });
    if (made.status >= 300) await this.#data(`SysAADClients('${clientId}')`, 'PATCH', { UserId: user });
  }

  async #data(path: string, method: string, body?: object): Promise<Answer> {
    const token = await this.#server.token('admin', `${this.#server.url}/data/.default`);
    const url = `${this.#server.url}/data/${path}`;
    return ask(this.#server.ca, url, { method, token, ...(body !== undefined && { body }) });
  }

  async #must(path: string, body: object): Promise<void> {
    const answer = await this.#data(path, 'POST', body);
    if (answer.status >= 300) throw new Error(`${path}: ${answer.status} ${answer.text}`);
  }

  /** Companies, roles, users and a policy of Human Resources, and rows of each table. */
  async #fill(): Promise<void> {
    for (const company of companies) await this.#must('LegalEntities', { LegalEntityId: company, Name: company });
    await this.#must('SecurityPrivileges', {
      SecurityPrivilegeIdentifier: 'CanIDenies',
      SecurityPrivilegeName: 'Denies',
    });
    await this.#must('SecurityPrivilegePermissions', {
      ...{ SecurityPrivilegeIdentifier: 'CanIDenies', SecurableType: 'DataEntity', SecurableName: 'hcmtitleentity' },
      ...{ SecurableField: '', IntegrationMode: 'All', Read: 'Deny' },
    });
    for (const role of hrRoles) {
      await this.#must('SecurityRoles', { SecurityRoleIdentifier: role, SecurityRoleName: role });
      for (const privilege of hrPrivileges.slice(0, 8)) {
        await this.#must('SecurityRolePrivileges', {
          SecurityRoleIdentifier: role,
          SecurityPrivilegeIdentifier: privilege,
        });
      }
    }
    for (const [at, user] of hrUsers.entries()) {
      await this.#must('SystemUsers', {
        ...{
          UserID: user,
          UserName: user,
          Alias: user,
          Email: user,
          NetworkDomain: user,
          Company: 'usmf',
          Enabled: true,
        },
        ...{ UserInfo_language: 'en-us', Helplanguage: 'en-us' },
      });
      await this.#must('SecurityUserRoleAssociations', {
        UserId: user,
        SecurityRoleIdentifier: hrRoles[at] ?? hrRoles[0],
      });
    }
    for (const { name, operation, query, role } of policies) {
      await this.#must('SecurityPolicies', {
        ...{ SecurityPolicyIdentifier: name, SecurityPolicyName: name, Enabled: false, Operation: operation },
        ...{ PrimaryEntityName: 'hcmcandidatetohireentity', PolicyQuery: query },
        ...{ ContextType: 'RoleName', ContextString: role },
      });
      await this.#must('SecurityPolicyConstrainedEntities', {
        ...{ SecurityPolicyIdentifier: name, SecurableName: 'hcmcandidatetohireentity', RelationPath: '' },
      });
    }
    for (const [at, member] of this.members.entries()) await this.#link(member, hrUsers[at % 3] ?? hrUsers[0]);
    await this.#fillRows();
  }

  async #fillRows(): Promise<void> {
    const everything = Object.fromEntries(
      privileges.map(([name, depths]) => [name, depths.at(-1) ?? 'global'] as const),
    );
    for (const role of this.#roles) await this.#security.setPrivileges(role, everything);
    for (const [at, member] of this.members.entries()) {
      const role = this.#roles[at % 4] ?? '';
      await this.#toggle(
        true,
        `systemusers(${member.id})/systemuserroles_association`,
        `roles(${await this.#copyOf(role, at)})`,
      );
    }
    for (const target of targets) {
      const { set, creates, id } = target;
      if (creates === undefined) continue;
      for (let count = 0; count < 8; count++) {
        const maker = this.members[count % this.members.length];
        if (maker === undefined) continue;
        const body = creates(companies[count % 3] ?? 'usmf', 3_000_001 + 3 * this.mark());
        const made = await this.#security.send(maker, set, { method: 'POST', body });
        const row = /\(([^()]+)\)$/.exec(made.headers['odata-entityid'] ?? '')?.[1];
        if (row === undefined) throw new Error(`${set} ${id}: ${made.status} ${made.text}`);
        this.addRow(target, row);
      }
    }
    for (const { table, set, id } of targets) {
      if (this.#rows.has(table)) continue;
      const rows = await this.#security.rows('admin', `${set}?$select=${id}&$top=10`);
      this.#rows.set(
        table,
        rows.map((row) => String(row[id])),
      );
    }
  }
}

const keyed = (set: string, key: Readonly<Record<string, string>>): string => {
  const text = Object.entries(key).map(([name, value]) => `${name}='${value}'`);
  return `${set}(${encodeURIComponent(text.join(','))})`;
};
