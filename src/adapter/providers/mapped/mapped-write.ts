import type { AuthorizedWrite, ReadableBind } from '../../../hr/authorized-operation.ts';
import type { HrSession } from '../../../hr/hr-session.ts';
import type { Guid } from '../../../kernel/ids.ts';
import type { Column } from '../../../metadata/table.ts';
import type { WriteOperation } from '../../../odata/authorized-plan.ts';
import { refuseCreateOnly } from '../../../odata/body.ts';
import type { CreateOperation, UpdateOperation, Values } from '../../../odata/operation.ts';
import { refuse } from '../../../odata/problems.ts';
import { and, type Condition, equals, type Value } from '../../../odata/query.ts';
import type { OperationResult } from '../../../odata/result.ts';
import { refusalOf } from '../../application-link.ts';
import { checkVersion } from '../row-version.ts';
import { MappedReads } from './mapped-reads.ts';
import type { MappedTable, MappedTables } from './mapping.ts';
import { sourceRefusal } from './source-problems.ts';
import { heldIn, type SourceRow, type TableSource } from './table-source.ts';

type Outcome = { readonly kind: 'created' | 'updated'; readonly id: Guid } | { readonly kind: 'done' };

/** One write at another source. Business logic is the source's own; who may write which row is decided as everywhere. */
export async function writeMapped(
  source: TableSource,
  tables: MappedTables,
  write: AuthorizedWrite,
  session: HrSession,
): Promise<OperationResult> {
  const outcome = await source.write((inside, isUndone) =>
    new MappedWrite(inside, tables, write, session, isUndone).run(write.plan.scope.operation),
  );
  if (outcome.kind === 'done' || write.isLink) return { kind: 'done' };
  const shown = write.representation && (await new MappedReads(source, tables).query(write.representation(outcome.id)));
  return { ...outcome, row: shown?.rows[0] };
}

class MappedWrite {
  readonly #source: TableSource;
  readonly #reads: MappedReads;
  readonly #write: AuthorizedWrite;
  readonly #session: HrSession;
  readonly #isUndone: boolean;

  constructor(
    source: TableSource,
    tables: MappedTables,
    write: AuthorizedWrite,
    session: HrSession,
    isUndone: boolean,
  ) {
    this.#source = source;
    this.#reads = new MappedReads(source, tables);
    this.#write = write;
    this.#session = session;
    this.#isUndone = isUndone;
  }

  async run(operation: WriteOperation): Promise<Outcome> {
    const table = this.#reads.tableOf(operation.table);
    switch (operation.kind) {
      case 'create':
        return this.#create(table, operation);
      case 'update':
        return this.#update(table, operation);
      case 'delete': {
        const row = await this.#getRow(table, operation.id);
        checkVersion(row, operation);
        await this.#source.delete(table, row);
        return { kind: 'done' };
      }
      default:
        throw new TypeError('links arrive here as updates of a lookup');
    }
  }

  async #create(
    table: MappedTable,
    { values, joins = [] }: Pick<CreateOperation, 'values' | 'joins'>,
  ): Promise<Outcome> {
    if (joins.length > 0) throw sourceRefusal.notBuilt('nested rows at another source');
    const limit = this.#write.policies.created;
    this.#refuseLater(limit?.rows);
    const id = await this.#source.insert(table, this.#withCompany(table, await this.#valuesOf(table, values)));
    await this.#refuseOutside(table, id, 'created');
    return { kind: 'created', id };
  }

  async #update(table: MappedTable, operation: UpdateOperation): Promise<Outcome> {
    const { id, values } = operation;
    const { binds } = this.#write;
    if (operation.mayCreate && (await this.#find(table, id, undefined)) === undefined) {
      throw sourceRefusal.notBuilt('PATCH to an id that is not there: ids are the other source’s own');
    }
    if (!operation.mayUpdate) throw refuse.alreadyExists();
    const row = await this.#getRow(table, id);
    checkVersion(row, operation);
    if (operation.mayCreate) refuseCreateOnly({ values, binds });
    this.#refuseLater(this.#write.policies.changed?.rows);
    await this.#source.update(table, row, await this.#valuesOf(table, values));
    await this.#refuseOutside(table, id, 'changed');
    return { kind: 'updated', id };
  }

  /** A policy is looked at when the row is there; a source that cannot undo the write must not begin it. */
  #refuseLater(policy: Condition | undefined): void {
    if (policy !== undefined && !this.#isUndone) {
      throw sourceRefusal.notBuilt('writes under a security policy at a source that cannot undo them');
    }
  }

  async #refuseOutside(table: MappedTable, id: Guid, what: 'created' | 'changed'): Promise<void> {
    const limit = this.#write.policies[what];
    if (limit === undefined || (await this.#find(table, id, limit.rows)) !== undefined) return;
    throw refusalOf('data', limit.denial);
  }

  /** The row, if the user may change it. One that the user may only see is refused, any other is as if it were not there. */
  async #getRow(table: MappedTable, id: Guid): Promise<SourceRow> {
    const row = await this.#find(table, id, this.#write.plan.scope.rowFilter);
    if (row !== undefined) return row;
    const visible = await this.#find(table, id, this.#write.readable);
    if (visible === undefined) throw refuse.rowNotFound(table.table, id);
    const company = table.table.company && heldIn(visible, table.table.company);
    const denial = typeof company === 'string' ? this.#write.companyDenial(company) : undefined;
    if (denial !== undefined) throw refusalOf('data', denial);
    await this.#refuseOutside(table, id, 'changed');
    throw refuse.rowNotFound(table.table, id);
  }

  async #find(table: MappedTable, id: Guid, filter: Condition | undefined): Promise<SourceRow | undefined> {
    const where = and(equals(table.table.primaryKey, id), filter);
    return (await this.#reads.select(table, { where, orderBy: [], limit: 1 }))[0];
  }

  async #valuesOf(table: MappedTable, values: Values): Promise<Values> {
    const all = new Map<Column, Value>(values);
    for (const bind of this.#write.binds) all.set(bind.navigation.column, await this.#idOf(bind));
    for (const column of all.keys()) {
      if (!table.names.has(column)) throw sourceRefusal.notBuilt(`the source has no ${column.name}`);
    }
    return all;
  }

  /** A row that the caller may not read is as if it were not there. */
  async #idOf({ navigation, id, readable }: ReadableBind): Promise<Guid | null> {
    if (id === null) return null;
    const target = this.#reads.tableOf(navigation.target);
    if ((await this.#find(target, id, readable)) === undefined) throw refuse.rowNotFound(navigation.target, id);
    return id;
  }

  /** A new row without a legal entity goes to the user's own. */
  #withCompany({ table }: MappedTable, values: Values): Values {
    const { company } = this.#session.user;
    if (table.company === undefined || company === undefined || values.get(table.company)) return values;
    return new Map<Column, Value>([...values, [table.company, company]]);
  }
}
