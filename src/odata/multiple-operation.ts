import { parseGuid } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import { withKeyMembers } from './alternate-key.ts';
import { bindRowBody, isTree, type Nesting, parseJsonBody } from './body.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { MultipleTarget } from './operation.ts';
import { refuse } from './problems.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import { type FoundRow, findReferredRow } from './row-reference.ts';

/** Bulk messages on a set of rows. `DeleteMultiple` is for elastic tables, of which there are none. */
export const multipleMessages = ['CreateMultiple', 'UpdateMultiple', 'UpsertMultiple', 'DeleteMultiple'] as const;
export type MultipleMessage = (typeof multipleMessages)[number];

/** The real product has no limit but size and time; it recommends 1000. A guess at what is still answered in time. */
const maxTargets = 10_000;

/**
 * `POST set/Microsoft.Dynamics.CRM.CreateMultiple` and its like (dataverse-web-api 4.8): several rows of one table in one
 * transaction. Virtual tables do not support them.
 */
export function parseMultiple(table: Table, name: MultipleMessage, scope: RequestScope): OperationParts {
  for (const option of scope.options.keys()) {
    if (option !== 'tag') throw refuse.notSupported(`the query option '${option}' on '${name}'`);
  }
  if (table.kind === 'virtual' || name === 'DeleteMultiple') throw refuse.methodNotSupported(name, table);
  const { members, numbersAsText } = parseJsonBody(scope.body, scope.headers, table.entitySetName);
  const targets = targetsOf(members, table);
  const nesting = { rows: 0 };
  const parsed = targets.map((target) => parseTarget(target, { ...scope, table, name, numbersAsText, nesting }));
  return {
    operation: { kind: 'message', name, parameters: {} },
    composite: { kind: 'multiple', table, targets: parsed, answersIds: name === 'CreateMultiple' },
  };
}

function targetsOf(members: JsonObject, table: Table): readonly JsonValue[] {
  const targets = members.get('Targets');
  const isAlone = [...members.keys()].every((name) => name === 'Targets' || name.startsWith('@'));
  if (!isAlone || !Array.isArray(targets) || targets.length === 0) {
    throw refuse.payload(table.entitySetName, "the body must hold 'Targets', a list of rows, and nothing else.");
  }
  if (targets.length > maxTargets) throw refuse.limit('targets', maxTargets);
  return targets;
}

interface TargetScope extends RequestScope {
  readonly table: Table;
  readonly name: MultipleMessage;
  readonly numbersAsText: boolean;
  readonly nesting: Nesting;
}

function parseTarget(target: JsonValue, scope: TargetScope): MultipleTarget {
  const { table, name, numbersAsText } = scope;
  if (!(target instanceof Map) || !target.has('@odata.type')) {
    throw refuse.payload(table.entitySetName, "each of the 'Targets' must be a row with its '@odata.type'.");
  }
  const { id, key } = name === 'CreateMultiple' ? noRow : rowOf(target, scope);
  const own = new Map(target);
  if (id !== undefined || key !== undefined) {
    for (const member of ['@odata.id', table.primaryKey.property]) own.delete(member);
  }
  if (id !== undefined) for (const column of key?.values.keys() ?? []) own.delete(column.property);
  const members = id === undefined && key !== undefined ? withKeyMembers(own, key) : own;
  const tree = { table, ...bindRowBody({ members, numbersAsText }, { ...scope, id }, scope.nesting) };
  const { values, binds } = tree;
  if (id === undefined) {
    const operation = { kind: 'create', table, values, binds } as const;
    return isTree(tree) ? { operation, tree } : { operation };
  }
  const mayCreate = name === 'UpsertMultiple';
  return { operation: { kind: 'update', table, id, values, binds, mayCreate, mayUpdate: true } };
}

const noRow: FoundRow = { id: undefined };

/** The row that a target changes: named by its primary key, or by a URL. An upsert need not name one that is there. */
function rowOf(target: JsonObject, scope: TargetScope): FoundRow {
  const { table, name } = scope;
  const isUpsert = name === 'UpsertMultiple';
  const url = target.get('@odata.id');
  if (typeof url === 'string') {
    const found = findReferredRow(url, scope, table.entitySetName);
    if (found.table !== table) throw refuse.wrongTarget('@odata.id', table, found.table);
    if (found.id === undefined && !isUpsert) throw refuse.keyNotFound(table);
    return found;
  }
  const given = target.get(table.primaryKey.property);
  if (given === undefined && isUpsert) return noRow;
  const id = typeof given === 'string' ? parseGuid(given) : undefined;
  if (id === undefined) {
    throw refuse.payload(
      table.entitySetName,
      `each of the 'Targets' must name its row by '${table.primaryKey.property}'.`,
    );
  }
  return { id };
}
