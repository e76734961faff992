import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { Model, Table } from '../metadata/table.ts';
import { noReferences, type References } from './batch/references.ts';
import { refuse, type Source } from './problems.ts';
import { parseResourcePath } from './syntax/resource-path.ts';
import type { Argument, PathSegment } from './syntax/tree.ts';

export interface RowReference {
  readonly table: Table;
  readonly id: Guid;
}

export interface ReferenceScope {
  readonly model: Model;
  readonly apiRoot: string;
  /** What `$1` stands for; absent outside a batch. */
  readonly references?: Pick<References, 'pathOf'>;
}

/**
 * A row named by a URL: `@odata.bind`, `@odata.id`, `$id`. Absolute under this origin and any version of the API,
 * `/api/data/v9.2/set(id)`, `/set(id)`, `set(id)`, or `$1` in a batch (dataverse-web-api 4.8). `what` names the place in refusals.
 */
export function parseRowReference(text: string, scope: ReferenceScope, what: string): RowReference {
  const { model, apiRoot, references = noReferences } = scope;
  const given = relativePath(text, apiRoot);
  const path = given?.startsWith('$') === true ? references.pathOf(given) : given;
  if (path === undefined) throw refuse.payload(what, `'${text.slice(0, 200)}' is not a URL of this service.`);
  const [segment, next] = parseResourcePath(path);
  if (segment?.arguments === undefined || next !== undefined) {
    throw refuse.payload(what, `'${text.slice(0, 200)}' does not name one row.`);
  }
  const table = model.entitySet.get(segment.name);
  if (table === undefined) throw refuse.resourceNotFound(segment.name);
  return { table, id: parseKey(table, segment, segment.arguments) };
}

function relativePath(text: string, apiRoot: string): string | undefined {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(text)?.[0];
  if (absolute !== undefined && absolute.toLowerCase() !== new URL(apiRoot).origin.toLowerCase()) return undefined;
  const path = text.slice(absolute?.length ?? 0);
  if (/[?#]/.test(path)) return undefined;
  const withoutRoot = path.replace(/^\/api\/data\/v\d{1,2}\.\d{1,2}\//, '');
  if (absolute !== undefined && withoutRoot === path) return undefined;
  return withoutRoot.startsWith('/') ? withoutRoot.slice(1) : withoutRoot;
}

/** A segment as the text that positions count in. */
export const segmentSource = ({ text, part }: PathSegment): Required<Source> => ({ text, part });

/** The key of a row in parentheses: its GUID, alone or after the name of the primary key. */
export function parseKey(table: Table, segment: PathSegment, given: readonly Argument[]): Guid {
  const [only] = given;
  if (only === undefined)
    throw refuse.syntax('Error in query syntax: a key expected', {
      ...segmentSource(segment),
      at: segment.name.length + 1,
    });
  const isPrimary = given.length === 1 && (only.name === undefined || only.name === table.primaryKey.property);
  if (!isPrimary) return refuseOtherKey(table, segment, given);
  const { value } = only;
  const isGuid = value.kind === 'literal' && value.literal.type === 'guid';
  const id = isGuid ? parseGuid(value.literal.text) : undefined;
  if (id === undefined) {
    throw refuse.syntax('Error in query syntax: a GUID expected', { ...segmentSource(segment), at: value.at });
  }
  return id;
}

function refuseOtherKey(table: Table, segment: PathSegment, given: readonly Argument[]): never {
  const unknown = given.find(({ name }) => name === undefined || !table.property.has(name));
  const place = { ...segmentSource(segment), at: (unknown ?? given[0])?.at ?? 0 };
  if (unknown !== undefined) throw refuse.keyNotDefined(table, place);
  throw refuse.notSupported('an alternate key', place);
}
