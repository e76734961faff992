import { unreachable } from '../kernel/unreachable.ts';
import type { Table } from '../metadata/table.ts';
import type { Operation } from '../odata/operation.ts';
import { mintRelatedRead, mintVirtualFlat, mintVirtualRead } from '../odata/plan-mint.ts';
import { and, type Query } from '../odata/query.ts';
import { authorizeAction } from './authorize-action.ts';
import { authorizeWrite, type RowWrite } from './authorize-write.ts';
import type {
  AuthorizedOperation,
  AuthorizedRead,
  AuthorizedRelated,
  ReadOperation,
  RelatedOperation,
} from './authorized-operation.ts';
import { nestedPipeline, notSupported } from './hr-problems.ts';
import { type Denial, deny, type HrSession } from './hr-session.ts';
import { linkWriteOf } from './link-write.ts';
import {
  findFlatDenial,
  findReadDenial,
  type GateOne,
  narrowFlatQuery,
  narrowQuery,
  type ReadGate,
} from './narrow-query.ts';
import { rowPlan } from './row-plan.ts';

/**
 * Steps 15 to 19 of the second gate (human-resources-security 7): may this Human Resources user do this to the data?
 * Reads come back narrowed to the rows the user may see. Pure: the same snapshot and operation give the same answer.
 */
export function authorizeData(session: HrSession, grant: GateOne): AuthorizedOperation | Denial {
  const gate: ReadGate = { session, grant };
  const { operation } = grant;
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'count':
      return authorizeRead(gate, operation);
    case 'flat': {
      const denial = findFlatDenial(session, operation.query);
      return denial ?? { kind: 'flat', plan: mintVirtualFlat(narrowFlatQuery(gate, operation.query)) };
    }
    case 'retrieveRelated':
      return authorizeRelated(gate, operation);
    case 'create':
    case 'update':
    case 'delete':
      return authorizeWrite(gate, { operation, tie: undefined, isLink: false });
    case 'associate':
    case 'disassociate':
      return authorizeLink(gate, operation);
    case 'message':
      return authorizeAction(gate, operation);
    default:
      return unreachable(operation);
  }
}

function authorizeRead(gate: ReadGate, operation: ReadOperation): AuthorizedRead | Denial {
  const denial = findReadDenial(gate.session, operation.query);
  if (denial !== undefined) return denial;
  const query = narrowQuery(gate, operation.query);
  if (operation.kind !== 'retrieve') return { kind: 'read', operation, plan: mintVirtualRead(query) };
  // A precondition is about the row version, which only the ETag tells.
  const etag = query.etag || operation.precondition !== undefined;
  return { kind: 'read', operation, plan: rowPlan({ ...query, etag }, operation.id) };
}

function authorizeRelated(gate: ReadGate, operation: RelatedOperation): AuthorizedRelated | Denial {
  const { navigation } = operation;
  if (navigation.kind === 'manyToMany') return deny('supported', notSupported, () => 'many-to-many on a virtual table');
  const follow = navigation.kind === 'single' ? [navigation.column] : [];
  const from = bareQuery(navigation.table, [navigation.table.primaryKey, ...follow]);
  const denial = findReadDenial(gate.session, from) ?? findReadDenial(gate.session, operation.query);
  if (denial !== undefined) return denial;
  const source = rowPlan(narrowQuery(gate, from), operation.id);
  const target = narrowQuery(gate, operation.query);
  return {
    kind: 'related',
    operation,
    source,
    target: (tie) => mintRelatedRead({ ...target, where: and(tie, target.where) }),
  };
}

const bareQuery = (table: Table, columns: Query['columns']): Query => ({
  table,
  columns,
  where: undefined,
  orderBy: [],
  expand: [],
  limit: 1,
  countUpTo: undefined,
  after: undefined,
  etag: false,
  unsetTextAsEmpty: false,
});

/** `$ref`: a link is a lookup of one of the two rows; setting it is an update of that row. */
function authorizeLink(
  gate: ReadGate,
  operation: Extract<Operation, { kind: 'associate' | 'disassociate' }>,
): AuthorizedOperation | Denial {
  const write: RowWrite | undefined = linkWriteOf(operation);
  if (write === undefined)
    return deny(
      'supported',
      nestedPipeline(gate.session.user.language),
      () => `link ${operation.navigation.name} is read-only`,
    );
  return authorizeWrite(gate, write);
}
