import { Refusal } from '../../kernel/refusal.ts';
import type { Table } from '../../metadata/table.ts';
import type { OperationResult } from '../../odata/result.ts';
import { authorizeTable } from '../authorize-table.ts';
import { decisionToRefusal } from '../decision-to-refusal.ts';
import { crossesGates, invalidArgument, unknownTable } from '../messages.ts';
import type { TableGrant } from '../table-grant.ts';
import { answer, type MessageOperation } from './message-answer.ts';
import type { NativeDeps } from './native-deps.ts';
import { runQuery } from './read.ts';
import { plainQuery } from './restrict-query.ts';

/** What `RetrieveVersion` says. A guess: builds differ, and clients look at the first two numbers. */
export const productVersion = '9.2.24114.00190';

/** Members of `EndpointAccessType`. */
const accessTypes: readonly unknown[] = ['Default', 'Internet', 'Intranet'];

/** Facts of the environment for any enabled user (learn.microsoft.com, "OrganizationDetail ComplexType"). */
export async function retrieveCurrentOrganization(
  { organizationId, organizationName, friendlyName, publicUrl, tenantId }: NativeDeps,
  _grant: TableGrant,
  { parameters }: MessageOperation,
): Promise<OperationResult> {
  if (!accessTypes.includes(parameters['AccessType'])) {
    throw new Refusal(
      'parse',
      invalidArgument("`AccessType` must be Microsoft.Dynamics.CRM.EndpointAccessType'Default'"),
    );
  }
  return answer('RetrieveCurrentOrganization', {
    Detail: {
      OrganizationId: organizationId,
      FriendlyName: friendlyName,
      OrganizationVersion: productVersion,
      EnvironmentId: organizationId,
      TenantId: tenantId,
      Geo: null,
      UrlName: organizationName,
      UniqueName: organizationName,
      State: 'Enabled',
      OrganizationType: 'CustomerTest',
      Endpoints: {
        Count: 1,
        IsReadOnly: false,
        Keys: ['WebApplication'],
        Values: [`${publicUrl}/`],
      },
    },
  });
}

const mostTables = 100;
/** Counted, not looked up in yesterday's snapshot as the real product does; this is more than a table holds. */
const countLimit = 2_000_000_000;

/** Numbers of rows that the caller may read, by table (learn.microsoft.com, "RetrieveTotalRecordCount Function"). */
export async function retrieveTotalRecordCount(
  deps: NativeDeps,
  grant: TableGrant,
  { parameters }: MessageOperation,
): Promise<OperationResult> {
  const names = parameters['EntityNames'];
  if (!Array.isArray(names) || names.length === 0 || names.length > mostTables) {
    throw new Refusal(
      'parse',
      invalidArgument(`\`EntityNames\` must be an array of 1 to ${mostTables} names of tables`),
    );
  }
  const tables = names.map((name) => findTable(deps, name));
  const counts: number[] = [];
  for (const table of tables) counts.push(await countRows(deps, grant, table));
  return answer('RetrieveTotalRecordCount', {
    EntityRecordCountCollection: {
      Count: tables.length,
      IsReadOnly: false,
      Keys: tables.map((table) => table.logicalName),
      Values: counts,
    },
  });
}

function findTable({ model }: NativeDeps, name: unknown): Table {
  const table = typeof name === 'string' ? model.table.get(name) : undefined;
  if (table === undefined || model.entitySet.get(table.entitySetName) !== table) {
    throw new Refusal('run', unknownTable(String(name)));
  }
  if (table.kind !== 'native') throw new Refusal('run', crossesGates);
  return table;
}

async function countRows(deps: NativeDeps, { snapshot, user }: TableGrant, table: Table): Promise<number> {
  const query = { ...plainQuery(table, undefined, [], 0), countUpTo: countLimit };
  const decision = authorizeTable(snapshot, user, { kind: 'count', query });
  if (decision.kind === 'deny') throw decisionToRefusal(decision);
  return (await runQuery(deps, decision.grant, query)).count ?? 0;
}
