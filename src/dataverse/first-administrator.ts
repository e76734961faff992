import { type BusinessUnitId, type Guid, newGuid, type SecurityRoleId, type SystemUserId } from '../kernel/ids.ts';
import type { Model } from '../metadata/table.ts';
import { equals } from '../odata/query.ts';
import type { Transaction } from '../odata/row-store.ts';
import type { BaseIds } from './base-rows.ts';
import { joinDefaultTeam, valuesOf } from './native/default-team.ts';
import { addDefaults } from './native/defaults.ts';
import { fillFromDirectory } from './native/fill-from-directory.ts';
import { addLink } from './native/links.ts';
import type { DirectoryApplication } from './native/native-deps.ts';
import { followOwner } from './native/owner-rows.ts';
import { getColumn, getTable } from './security-rows.ts';

export interface FirstAdministrator {
  readonly application: DirectoryApplication;
  readonly organizationId: Guid;
  readonly baseIds: Pick<BaseIds, 'rootBusinessUnitId' | 'systemAdministratorRoleId'>;
  /** `YYYY-MM-DDThh:mm:ssZ`. */
  readonly moment: string;
}

/**
 * FULL POWER WITHOUT A CALLER. Makes the application user that is System Administrator of a new environment: somebody has
 * to be the first, and this is the only way in that no administrator opens. Throws when the environment already has one.
 * Everyone after that is created through the Web API, by a caller with the privileges for it.
 */
export async function createFirstAdministrator(
  rows: Transaction,
  model: Model,
  { application, organizationId, baseIds, moment }: FirstAdministrator,
): Promise<SystemUserId> {
  await refuseSecond(rows, model, baseIds.systemAdministratorRoleId);
  const table = getTable(model, 'systemuser');
  const id = newGuid<SystemUserId>();
  const draft = valuesOf(table.column, {
    systemuserid: id,
    applicationid: application.clientId,
    businessunitid: baseIds.rootBusinessUnitId,
    organizationid: organizationId,
    createdon: moment,
    modifiedon: moment,
  });
  fillFromDirectory(table, draft, application);
  addDefaults(table, draft);
  await rows.insert(table, draft);
  await followOwner(rows, model, table, id);
  const role: SecurityRoleId = baseIds.systemAdministratorRoleId;
  await addLink(rows, model, 'systemuserroles', { systemuserid: id, roleid: role });
  const unit: BusinessUnitId = baseIds.rootBusinessUnitId;
  await joinDefaultTeam({ rows, model }, id, unit);
  return id;
}

async function refuseSecond(rows: Transaction, model: Model, role: SecurityRoleId): Promise<void> {
  const table = getTable(model, 'systemuserroles');
  const known = await rows.list(table, equals(getColumn(table, 'roleid'), role), 1);
  if (known.length > 0) throw new Error('the environment already has a System Administrator');
}
