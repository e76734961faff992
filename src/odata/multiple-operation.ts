import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { Table } from '../metadata/table.ts';
import { bindRowBody, parseJsonBody } from './body.ts';
import type { JsonObject, JsonValue } from './json.ts';
import type { CreateOperation, UpdateOperation } from './operation.ts';
import { refuse } from './problems.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import { parseRowReference } from './row-reference.ts';

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
  const operations = targets.map((target) => parseTarget(target, { ...scope, table, name, numbersAsText }));
  return {
    operation: { kind: 'message', name, parameters: {} },
    composite: { kind: 'multiple', operations, answersIds: name === 'CreateMultiple' },
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
}

function parseTarget(target: JsonValue, scope: TargetScope): CreateOperation | UpdateOperation {
  const { table, name, numbersAsText } = scope;
  if (!(target instanceof Map) || !target.has('@odata.type')) {
    throw refuse.payload(table.entitySetName, "each of the 'Targets' must be a row with its '@odata.type'.");
  }
  const id = name === 'CreateMultiple' ? undefined : idOf(target, scope);
  const members = new Map(target);
  if (id !== undefined) for (const key of ['@odata.id', table.primaryKey.property]) members.delete(key);
  const { values, binds, branches, links } = bindRowBody({ members, numbersAsText }, { ...scope, id });
  if (branches.length + links.length > 0) throw refuse.notSupported(`a nested row in '${name}'`);
  if (id === undefined) return { kind: 'create', table, values, binds };
  const mayCreate = name === 'UpsertMultiple';
  return { kind: 'update', table, id, values, binds, mayCreate, mayUpdate: true };
}

/** The row that a target changes: named by its primary key, or by a URL. `undefined` where an upsert names none. */
function idOf(target: JsonObject, scope: TargetScope): Guid | undefined {
  const { table, name } = scope;
  const url = target.get('@odata.id');
  if (typeof url === 'string') {
    const found = parseRowReference(url, scope, table.entitySetName);
    if (found.table !== table) throw refuse.wrongTarget('@odata.id', table, found.table);
    return found.id;
  }
  const key = target.get(table.primaryKey.property);
  if (key === undefined && name === 'UpsertMultiple') return undefined;
  const id = typeof key === 'string' ? parseGuid(key) : undefined;
  if (id === undefined) {
    throw refuse.payload(
      table.entitySetName,
      `each of the 'Targets' must name its row by '${table.primaryKey.property}'.`,
    );
  }
  return id;
}
