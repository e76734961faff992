import { type BusinessUnitId, type Guid, parseGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Table } from '../../metadata/table.ts';
import type { BoundRow, MessageParameters } from '../../odata/operation.ts';
import { mintNativeRead } from '../../odata/plan-mint.ts';
import { refuse } from '../../odata/problems.ts';
import { and, type Condition } from '../../odata/query.ts';
import type { RowReference } from '../../odata/row-reference.ts';
import { printRights, rightsOf } from '../access-mask.ts';
import { invalidArgument, methodNotSupported, unknownTable } from '../messages.ts';
import { findPrincipal, isTeam, ownerColumnOf } from '../owner-column.ts';
import { type RowAccess, rowAccess, type StoredFacts } from '../row-access.ts';
import { getColumn, getTable } from '../security-rows.ts';
import type { TableGrant } from '../table-grant.ts';
import { requireRight } from './held-privileges.ts';
import type { NativeDeps } from './native-deps.ts';
import { parseRowMembers, requireRow } from './read.ts';
import { plainQuery } from './restrict-query.ts';
import { ofRow } from './shares.ts';
import { parseRow } from './sharing.ts';

/** More shares of one row than are told apart. */
const mostShares = 5000;

/** `RetrievePrincipalAccess`: the rights that a user or team has on a row (dataverse-web-api 3.5). */
export async function retrieveAccess(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  parameters: MessageParameters,
): Promise<{ readonly AccessRights: string }> {
  const target = parseRow(deps, parameters['Target'], 'Target');
  const { granted } = await accessTo(deps, grant, bound, target, 'RetrievePrincipalAccess');
  return { AccessRights: printRights(granted) };
}

/** `RetrievePrincipalAccessInfo`: the same, and what it comes from, as JSON in a text. */
export async function retrieveAccessInfo(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  { ObjectId, EntityName }: MessageParameters,
): Promise<{ readonly AccessInfo: string }> {
  const id = typeof ObjectId === 'string' ? parseGuid(ObjectId) : undefined;
  if (id === undefined) throw new Refusal('parse', invalidArgument('`ObjectId` must be the id of a row'));
  const table = deps.model.table.get(String(EntityName));
  if (table === undefined || deps.model.entitySet.get(table.entitySetName) !== table) {
    throw new Refusal('parse', unknownTable(String(EntityName)));
  }
  const access = await accessTo(deps, grant, bound, { table, id }, 'RetrievePrincipalAccessInfo');
  const info = {
    RoleAccessRights: printRights(access.byRole),
    PoaAccessRights: printRights(access.byShare),
    HsmAccessRights: 'None',
    GrantedAccessRights: printRights(access.granted),
  };
  return { AccessInfo: JSON.stringify(info) };
}

/** `RetrieveSharedPrincipalsAndAccess`: with whom a row is shared, of those whom the caller may see. */
export async function retrieveShares(
  deps: NativeDeps,
  grant: TableGrant,
  parameters: MessageParameters,
): Promise<{ readonly PrincipalAccesses: readonly object[] }> {
  const target = parseRow(deps, parameters['Target'], 'Target');
  if (ownerColumnOf(target.table) === undefined) {
    throw new Refusal('run', methodNotSupported('RetrieveSharedPrincipalsAndAccess', target.table));
  }
  requireRight(grant, target.table, 'read');
  await requireRow(deps, grant, target.table, target.id);
  const owner = getTable(deps.model, 'owner');
  const column = getColumn(getTable(deps.model, 'principalobjectaccess'), 'principalid');
  const visible = grant.filterOf(owner) ?? { kind: 'always' };
  const found = await sharesOf(deps, target, { kind: 'linked', column, target: owner.primaryKey, where: visible });
  const PrincipalAccesses = found.map(({ principalId, table, mask }) => ({
    AccessMask: printRights(rightsOf(mask)),
    Principal: {
      '@odata.type': `#Microsoft.Dynamics.CRM.${table.logicalName}`,
      [table.primaryKey.name]: principalId,
      ownerid: principalId,
    },
  }));
  return { PrincipalAccesses };
}

/** The caller must be able to see the principal and the row. */
async function accessTo(
  deps: NativeDeps,
  grant: TableGrant,
  bound: BoundRow,
  target: RowReference,
  message: string,
): Promise<RowAccess> {
  const { table, id } = target;
  if (table.kind !== 'native') throw new Refusal('run', methodNotSupported(message, table));
  requireRight(grant, bound.table, 'read');
  await requireRow(deps, grant, bound.table, bound.id);
  requireRight(grant, table, 'read');
  await requireRow(deps, grant, table, id);
  const snapshot = deps.security.current;
  const found = findPrincipal(snapshot, bound.id);
  if (found === undefined) throw refuse.rowNotFound(bound.table, bound.id);
  const principal = isTeam(found) ? snapshot.principalOf(found) : found;
  return rowAccess(snapshot, principal, table, await factsOf(deps, target));
}

async function factsOf(deps: NativeDeps, target: RowReference): Promise<StoredFacts> {
  const { table, id } = target;
  const columns = ['ownerid', 'owningbusinessunit', 'businessunitid'].flatMap((name) => table.column.get(name) ?? []);
  const query = plainQuery(table, { kind: 'compare', op: 'eq', column: table.primaryKey, value: id }, columns, 1);
  const [row] = (await deps.rows.query(mintNativeRead(query))).rows.map(parseRowMembers);
  const idIn = <T extends Guid>(...names: readonly string[]): T | undefined => {
    const column = names.map((name) => table.column.get(name)).find((each) => each !== undefined);
    return column === undefined ? undefined : parseGuid<T>(String(row?.[column.property]));
  };
  return {
    ownerId: idIn('ownerid'),
    owningBusinessUnitId: idIn<BusinessUnitId>('owningbusinessunit', 'businessunitid'),
    shares: ownerColumnOf(table) === undefined ? [] : await sharesOf(deps, target, undefined),
  };
}

interface StoredShare {
  readonly principalId: Guid;
  readonly table: Table;
  readonly mask: number;
}

async function sharesOf(
  deps: NativeDeps,
  { table, id }: RowReference,
  more: Condition | undefined,
): Promise<readonly StoredShare[]> {
  const shares = getTable(deps.model, 'principalobjectaccess');
  const columns = ['principalid', 'principaltypecode', 'accessrightsmask'].map((name) => getColumn(shares, name));
  const query = plainQuery(shares, and(ofRow(shares, table, id), more), columns, mostShares);
  const page = await deps.rows.query(mintNativeRead(query));
  return page.rows.map(parseRowMembers).flatMap((row) => {
    const principalId = parseGuid(String(row['principalid']));
    const principalTable = deps.model.table.get(String(row['principaltypecode']));
    const mask = Number(row['accessrightsmask']);
    return principalId === undefined || principalTable === undefined
      ? []
      : [{ principalId, table: principalTable, mask }];
  });
}
