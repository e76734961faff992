import type { AuthorizedAction } from '../../hr/authorized-operation.ts';
import type { HrSession } from '../../hr/hr-session.ts';
import { responseTypeOf } from '../../metadata/entity-actions.ts';
import type { WriteScope } from '../../odata/authorized-plan.ts';
import type { Differences } from '../../odata/fidelity.ts';
import { refuse } from '../../odata/problems.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { Row, Transaction } from '../../odata/row-store.ts';
import { EntityWriter } from '../../recruiting/entity-writer.ts';
import { findRowById } from '../../recruiting/listing.ts';
import { runAction } from '../../recruiting/process/run-action.ts';
import { refusalOf } from '../application-link.ts';
import type { BuiltInDeps } from './built-in.ts';
import { gateOf, refuseOutside } from './built-in-limits.ts';
import { asRefusal } from './built-in-write.ts';

/** An action of Human Resources on one row, in one transaction: all that it does is kept, or nothing is. */
export async function runBuiltInAction(
  deps: BuiltInDeps,
  authorized: AuthorizedAction,
  session: HrSession,
  differences: Differences,
): Promise<OperationResult> {
  const { action, parameters } = authorized;
  differences.use('entity-action');
  const members = await deps.store
    .write(authorized.plan, async (rows, scope) => {
      const row = await getRow(authorized, rows, scope);
      const writer = new EntityWriter(deps.rules, rows, session.user.company, gateOf(rows, authorized));
      const answer = await runAction(action, parameters, {
        writer,
        table: scope.operation.table,
        row,
        async requireMade(table, id, company) {
          const denial = authorized.companyDenial(table, company);
          if (denial !== undefined) throw refusalOf('data', denial);
          await refuseOutside(rows, table, id, authorized.policies.created(table));
        },
      });
      if (answer === undefined || action.access.kind !== 'Create') {
        await refuseOutside(rows, scope.operation.table, row.id, authorized.policies.changed);
      }
      return answer;
    })
    .catch((error: unknown) => asRefusal(error, session.user.language));
  return members === undefined ? { kind: 'done' } : { kind: 'message', responseType: responseTypeOf(action), members };
}

/** The row, if the user may do this to it. One that the user may only see is refused, any other is not there. */
async function getRow(
  { readable, outside, policies }: AuthorizedAction,
  rows: Transaction,
  scope: WriteScope,
): Promise<Row> {
  const { operation, rowFilter } = scope;
  if (operation.kind !== 'update') throw new TypeError('an action arrives as an update of its row');
  const { table, id } = operation;
  const row = await findRowById(rows, table, id, rowFilter);
  if (row !== undefined) return row;
  const visible = await findRowById(rows, table, id, readable);
  if (visible === undefined) throw refuse.rowNotFound(table, id);
  const company = table.company && visible.values.get(table.company);
  const denial = typeof company === 'string' ? outside(company) : undefined;
  if (denial !== undefined) throw refusalOf('data', denial);
  await refuseOutside(rows, table, id, policies.changed);
  throw refuse.rowNotFound(table, id);
}
