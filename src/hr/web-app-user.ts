import type { ClientId } from '../kernel/ids.ts';
import type { OperatorRole } from '../kernel/operator.ts';
import type { Model } from '../metadata/table.ts';
import type { Transaction } from '../odata/row-store.ts';
import { administrationRow } from './administration-row.ts';
import { baseRoles } from './base-roles.ts';
import { insertMissing } from './base-rows.ts';
import { systemAdministratorRole } from './effective-access.ts';
import { administrationTable } from './hr-rows.ts';

/**
 * Human Resources users of the web app's own applications. Who only reads must be an administrator too: the forms of
 * security are shown to nobody else. The first gate and the web app's sign-in let such a one change nothing.
 */
const users: Readonly<Record<OperatorRole, { readonly id: string; readonly roles: readonly string[] }>> = {
  full: { id: 'PortvaktApp', roles: [systemAdministratorRole] },
  readOnly: { id: 'PortvaktAppRead', roles: [systemAdministratorRole] },
  recruiting: {
    id: 'PortvaktAppRecruit',
    roles: ['HcmRecruitingIntegrator', 'HcmRecruiter', 'HcmManager', 'HcmHumanResourceManager'],
  },
};

/** FULL POWER WITHOUT A CALLER, as `admitWebAppUser` of the first gate: the user, its roles, and the link to it. */
export async function linkWebAppUser(
  rows: Transaction,
  model: Model,
  {
    role,
    application,
  }: { readonly role: OperatorRole; readonly application: { readonly clientId: ClientId; readonly name: string } },
): Promise<void> {
  const { id, roles } = users[role];
  const see = async (set: string, named: Parameters<typeof administrationRow>[1]): Promise<void> => {
    const table = administrationTable(model, set);
    await insertMissing(rows, table, administrationRow(table, named));
  };
  const language = { UserInfo_language: 'en-us', Helplanguage: 'en-us' };
  const names = { UserID: id, UserName: application.name, NetworkDomain: 'NonAAD', Alias: id, Email: id };
  await see('SystemUsers', { ...names, Enabled: true, ...language });
  for (const identifier of roles) {
    await see('SecurityUserRoleAssociations', {
      UserId: id,
      SecurityRoleIdentifier: identifier,
      SecurityRoleName: baseRoles.find((each) => each.identifier === identifier)?.name ?? identifier,
      AssignmentStatus: 'Enabled',
      AssignmentMode: 'Manual',
    });
  }
  await see('SysAADClients', { AADClientId: application.clientId, Name: application.name, UserId: id });
}
