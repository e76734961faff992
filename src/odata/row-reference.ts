import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { Model, Table } from '../metadata/table.ts';
import { type KeyScope, type KeyValues, parseAlternateKey } from './alternate-key.ts';
import { noReferences, type References } from './batch/references.ts';
import { refuse, type Source } from './problems.ts';
import { parseResourcePath } from './syntax/resource-path.ts';
import type { Argument, PathSegment } from './syntax/tree.ts';

export interface RowReference {
  readonly table: Table;
  readonly id: Guid;
}

export interface ReferenceScope extends KeyScope {
  readonly model: Model;
  readonly apiRoot: string;
  /** Hosts that lead here, with their ports, in lower case; absent: that of `apiRoot` alone. */
  readonly hosts?: readonly string[];
  /** What `$1` stands for; absent outside a batch. */
  readonly references?: Pick<References, 'pathOf'>;
}

/**
 * A row named by a URL: `@odata.bind`, `@odata.id`, `$id`. Absolute under this origin or an alias of it and any version of the API,
 * `/api/data/v9.2/set(id)`, `/set(id)`, `set(id)`, or `$1` in a batch (dataverse-web-api 4.8). `what` names the place in refusals.
 */
export function parseRowReference(text: string, scope: ReferenceScope, what: string): RowReference {
  const { table, id } = findReferredRow(text, scope, what);
  if (id === undefined) throw refuse.keyNotFound(table);
  return { table, id };
}

/** The same for a row that need not be there yet. */
export function findReferredRow(
  text: string,
  scope: ReferenceScope,
  what: string,
): FoundRow & { readonly table: Table } {
  const { model, references = noReferences } = scope;
  const given = relativePath(text, scope);
  const path = given?.startsWith('$') === true ? references.pathOf(given) : given;
  if (path === undefined) throw refuse.payload(what, `'${text.slice(0, 200)}' is not a URL of this service.`);
  const [segment, next] = parseResourcePath(path);
  if (segment?.arguments === undefined || next !== undefined) {
    throw refuse.payload(what, `'${text.slice(0, 200)}' does not name one row.`);
  }
  const table = model.entitySet.get(segment.name);
  if (table === undefined) throw refuse.resourceNotFound(segment.name);
  return { table, ...findRow(table, segment, segment.arguments, scope) };
}

function relativePath(text: string, scope: ReferenceScope): string | undefined {
  const absolute = /^https?:\/\/[^/?#]*/i.exec(text)?.[0];
  if (absolute !== undefined && !isOurs(absolute.toLowerCase(), scope)) return undefined;
  const path = text.slice(absolute?.length ?? 0);
  if (/[?#]/.test(path)) return undefined;
  const withoutRoot = path.replace(/^\/api\/data\/v\d{1,2}\.\d{1,2}\//, '');
  if (absolute !== undefined && withoutRoot === path) return undefined;
  // No set is called so: an address with a slash too few or too many in front of its host.
  if (/^(?:\/?https?:|\/\/)/i.test(withoutRoot)) return undefined;
  return withoutRoot.startsWith('/') ? withoutRoot.slice(1) : withoutRoot;
}

/** Is this origin, in lower case, one of the service? */
function isOurs(origin: string, { apiRoot, hosts }: ReferenceScope): boolean {
  const own = new URL(apiRoot);
  const prefix = `${own.protocol}//`;
  return origin.startsWith(prefix) && (hosts ?? [own.host]).includes(origin.slice(prefix.length));
}

/** A segment as the text that positions count in. */
export const segmentSource = ({ text, part }: PathSegment): Required<Source> => ({ text, part });

/** The row that the key in parentheses names; 404 when an alternate key names none. */
export function parseKey(table: Table, segment: PathSegment, given: readonly Argument[], scope: KeyScope): Guid {
  const { id } = findRow(table, segment, given, scope);
  if (id === undefined) throw refuse.keyNotFound(table);
  return id;
}

/** A row by what stands in parentheses. */
export interface FoundRow {
  /** `undefined` when no row has the alternate key. */
  readonly id: Guid | undefined;
  /** Present for an alternate key. */
  readonly key?: KeyValues;
}

/** The row by its GUID, alone or after the name of the primary key, or by an alternate key. */
export function findRow(table: Table, segment: PathSegment, given: readonly Argument[], scope: KeyScope): FoundRow {
  const [only] = given;
  if (only === undefined)
    throw refuse.syntax('Error in query syntax: a key expected', {
      ...segmentSource(segment),
      at: segment.name.length + 1,
    });
  const isPrimary = given.length === 1 && (only.name === undefined || only.name === table.primaryKey.property);
  if (!isPrimary) {
    const key = parseAlternateKey(table, segment, given, scope);
    return { id: scope.keys.find(key), key };
  }
  const { value } = only;
  const isGuid = value.kind === 'literal' && value.literal.type === 'guid';
  const id = isGuid ? parseGuid(value.literal.text) : undefined;
  if (id === undefined) {
    throw refuse.syntax('Error in query syntax: a GUID expected', { ...segmentSource(segment), at: value.at });
  }
  return { id };
}
