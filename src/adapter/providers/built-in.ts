import type { AuthorizedFlat, AuthorizedOperation, AuthorizedRead } from '../../hr/authorized-operation.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import { parseEtag } from '../../odata/etag.ts';
import type { Precondition } from '../../odata/operation.ts';
import { refuse } from '../../odata/problems.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { RowStore } from '../../odata/row-store.ts';
import type { EntityRules } from '../../recruiting/entity-rules.ts';
import type { Provider } from '../provider.ts';
import { runBuiltInAction } from './built-in-action.ts';
import { runRelated } from './built-in-related.ts';
import { runWrite } from './built-in-write.ts';

export interface BuiltInDeps {
  readonly store: RowStore;
  readonly rules: EntityRules;
}

/** Rows in Portvakt's own database, with the business logic of `recruiting/` on every write. */
export function createBuiltInProvider(deps: BuiltInDeps): Provider {
  return {
    run(operation: AuthorizedOperation, session, differences): Promise<OperationResult> {
      switch (operation.kind) {
        case 'read':
          return runRead(deps.store, operation);
        case 'flat':
          return runFlat(deps.store, operation);
        case 'related':
          return runRelated(deps.store, operation);
        case 'write':
          return runWrite(deps, operation, session, differences);
        case 'action':
          return runBuiltInAction(deps, operation, session, differences);
        default:
          return unreachable(operation);
      }
    },
  };
}

async function runFlat(store: RowStore, { plan }: AuthorizedFlat): Promise<OperationResult> {
  const page = await store.flat(plan);
  if (page.tooMany) throw refuse.aggregateLimit();
  return { kind: 'flat', page };
}

/** Rows, one row or a number of rows, from whatever answers queries. */
export async function runRead(
  store: Pick<RowStore, 'query'>,
  { operation, plan }: AuthorizedRead,
): Promise<OperationResult> {
  const page = await store.query(plan);
  switch (operation.kind) {
    case 'retrieveMultiple':
      return { kind: 'page', page };
    case 'count':
      return { kind: 'count', count: page.count ?? 0 };
    case 'retrieve': {
      const row = page.rows[0];
      if (row === undefined) throw refuse.rowNotFound(operation.query.table, operation.id);
      return operation.precondition !== undefined && isNotModified(row, operation.precondition)
        ? { kind: 'notModified' }
        : { kind: 'row', row };
    }
    default:
      return unreachable(operation);
  }
}

/** Preconditions on a read: 304 for a version the client has, 412 for one that it wants and that is gone. */
function isNotModified(row: string, precondition: Precondition): boolean {
  const etag: unknown = JSON.parse(row)['@odata.etag'];
  const version = typeof etag === 'string' ? parseEtag(etag) : undefined;
  const matches = precondition.versions === '*' || (version !== undefined && precondition.versions.includes(version));
  if (precondition.kind === 'match' && !matches) throw refuse.versionMismatch();
  return precondition.kind === 'noneMatch' && matches;
}
