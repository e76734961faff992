import { parseGuid } from '../kernel/ids.ts';
import type { Model, Table } from '../metadata/table.ts';
import { KeyBook } from './alternate-key.ts';
import { Differences } from './fidelity.ts';
import { refuse } from './problems.ts';
import { parseRowReference, type RowReference } from './row-reference.ts';

const typePattern = /^#?Microsoft\.Dynamics\.CRM\.(\w+)$/;

/** Members that hold the id of a user or team beside its own key (dataverse-web-api 2.3). */
const otherKeys: Readonly<Record<string, string>> = { systemuser: 'ownerid', team: 'ownerid' };

type Members = Readonly<Record<string, unknown>>;

/**
 * A row that a parameter of a message names, as plain JSON: `{"@odata.id": "accounts(…)"}`, or its key beside
 * `"@odata.type"` (dataverse-web-api 3.5). `what` names the parameter in refusals.
 */
export function parseRowParameter(
  value: unknown,
  scope: { readonly model: Model; readonly apiRoot: string },
  what: string,
): RowReference {
  const members = parseMembers(value);
  if (members === undefined) throw refuse.payload(what, 'a row is expected: its `@odata.id`, or its type and key.');
  const url = members['@odata.id'];
  if (typeof url === 'string') {
    return parseRowReference(url, { ...scope, keys: new KeyBook(), differences: new Differences('strict') }, what);
  }
  const table = tableOf(members, scope.model, what);
  const text = members[table.primaryKey.name] ?? members[otherKeys[table.logicalName] ?? ''];
  const id = typeof text === 'string' ? parseGuid(text) : undefined;
  if (id === undefined) throw refuse.payload(what, `'${table.primaryKey.name}' must be the id of a row.`);
  return { table, id };
}

const parseMembers = (value: unknown): Members | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : undefined;

/** By the type that is named, else by the key that is there. */
function tableOf(members: Members, model: Model, what: string): Table {
  const type = members['@odata.type'];
  const name = typeof type === 'string' ? typePattern.exec(type)?.[1] : undefined;
  const table =
    type === undefined
      ? [...model.entitySet.values()].find(({ primaryKey }) => Object.hasOwn(members, primaryKey.name))
      : model.table.get(name ?? '');
  if (table === undefined || model.entitySet.get(table.entitySetName) !== table) {
    throw refuse.payload(what, `'${String(type ?? '@odata.type').slice(0, 100)}' is no type of rows.`);
  }
  return table;
}
