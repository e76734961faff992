import { administrationRow } from '../../src/hr/administration-row.ts';
import { writeBaseHrRows } from '../../src/hr/base-rows.ts';
import { administrationTable } from '../../src/hr/hr-rows.ts';
import { HrSecurity } from '../../src/hr/hr-security.ts';
import { type ClientId, getGuid } from '../../src/kernel/ids.ts';
import { builtInModel } from '../../src/metadata/built-in.ts';
import type { Model } from '../../src/metadata/table.ts';
import type { Value } from '../../src/odata/query.ts';
import { MemoryStore } from '../support/memory-store.ts';

export const atsClient = getGuid<ClientId>('11111111-1111-1111-1111-111111111111');

type Named = Readonly<Record<string, Value>>;

/** Human Resources as a new environment has it, in memory, and shorthands for the rows that an administrator makes. */
export class HrWorld {
  readonly model: Model = builtInModel();
  readonly store = new MemoryStore();

  static async make(): Promise<HrWorld> {
    const world = new HrWorld();
    await world.store.maintain((rows) => writeBaseHrRows(rows, world.model));
    return world;
  }

  add(set: string, named: Named): Promise<void> {
    const table = administrationTable(this.model, set);
    return this.store.maintain((rows) => rows.insert(table, administrationRow(table, named)));
  }

  /** Deletes, or changes, the one row that has these key values. */
  async change(set: string, key: Named, changes: Named | 'delete'): Promise<void> {
    const table = administrationTable(this.model, set);
    const id = administrationRow(table, key).get(table.primaryKey) as Parameters<typeof getGuid>[0];
    await this.store.maintain(async (rows) => {
      if (changes === 'delete') return rows.delete(table, getGuid(id));
      const values = Object.entries(changes).map(([name, value]) => [table.column.get(name), value] as const);
      return rows.update(
        table,
        getGuid(id),
        new Map(values.flatMap(([column, value]) => (column ? [[column, value]] : []))),
      );
    });
  }

  user(id: string, more: Named = {}): Promise<void> {
    return this.add('SystemUsers', {
      UserID: id,
      UserName: id,
      UserInfo_language: 'en-us',
      Helplanguage: 'en-us',
      ...more,
    });
  }

  role(identifier: string): Promise<void> {
    return this.add('SecurityRoles', { SecurityRoleIdentifier: identifier, SecurityRoleName: identifier });
  }

  assign(user: string, role: string, more: Named = {}): Promise<void> {
    const named = { UserId: user, SecurityRoleIdentifier: role, SecurityRoleName: role, ...more };
    return this.add('SecurityUserRoleAssociations', named);
  }

  restrict(user: string, role: string, company: string): Promise<void> {
    const named = { UserId: user, SecurityRoleIdentifier: role, OrganizationId: company };
    return this.add('SecurityUserRoleOrganizations', named);
  }

  link(clientId: string, user: string | null, name: string | null = null): Promise<void> {
    return this.add('SysAADClients', { AADClientId: clientId, UserId: user, Name: name });
  }

  /** A role with one privilege of its own that says `states` about a data entity. */
  async roleWith(role: string, entity: string, states: Named, mode = 'DataServices'): Promise<void> {
    const privilege = `${role}${entity}`;
    if (!(await this.has('SecurityRoles', { SecurityRoleIdentifier: role }))) await this.role(role);
    await this.add('SecurityPrivileges', { SecurityPrivilegeIdentifier: privilege, SecurityPrivilegeName: privilege });
    await this.add('SecurityRolePrivileges', { SecurityRoleIdentifier: role, SecurityPrivilegeIdentifier: privilege });
    await this.add('SecurityPrivilegePermissions', {
      SecurityPrivilegeIdentifier: privilege,
      SecurableName: entity,
      IntegrationMode: mode,
      ...states,
    });
  }

  async has(set: string, key: Named): Promise<boolean> {
    const table = administrationTable(this.model, set);
    const id = administrationRow(table, key).get(table.primaryKey);
    return (await this.store.readAll(table)).some((row) => row.id === id);
  }

  /** The demo ATS as the source document sets it up. */
  async recruiting(): Promise<void> {
    await this.user('RekrutteringIntegrasjon', { UserName: 'Rekruttering', Company: 'usmf' });
    await this.assign('RekrutteringIntegrasjon', 'HcmRecruitingIntegrator');
    await this.link(atsClient, 'RekrutteringIntegrasjon', 'Demo ATS');
  }

  security(): Promise<HrSecurity> {
    return HrSecurity.load(this.model, this.store);
  }
}
