import type { Directory } from '../directory/directory.ts';
import type { SecretText } from '../directory/secret.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { Caller } from '../token/caller.ts';
import { type EntityType, type GraphObject, renderEntity } from './entity-type.ts';
import { bindShape, countRows, type Shape, takePage } from './page.ts';
import type { GraphKey } from './path.ts';
import { graphRefusal } from './problems.ts';
import type { QueryOptions } from './query-options.ts';

/** One request, authenticated and permitted, with what an operation needs to carry it out. */
export interface GraphCall {
  readonly caller: Caller;
  /** Application permissions that the caller has in its token and holds to this moment. */
  readonly permissions: readonly string[];
  readonly directory: Directory;
  readonly request: HttpRequest;
  readonly query: QueryOptions;
  /** The keys in the path, in their order; none for a whole set. */
  readonly keys: readonly GraphKey[];
  /** `<public URL>/v1.0` */
  readonly root: string;
  readonly now: Date;
  readonly generateSecret: () => SecretText;
}

export type GraphAnswer =
  | { readonly status: 204 }
  /** `/$count`: a bare number. */
  | { readonly status: 200; readonly text: string }
  /** `context` follows `$metadata#` in `@odata.context`; `created` is the path of a new object. */
  | { readonly status: 200; readonly context: string; readonly body: GraphObject }
  | { readonly status: 201; readonly context: string; readonly body: GraphObject; readonly created: string };

/** A set, at the path under which its objects are found. */
export interface EntitySet<T> {
  readonly type: EntityType<T>;
  /** For example `applications`, or `applications/<id>/federatedIdentityCredentials`. */
  readonly path: string;
  /** The caller's rows of it. Asked for a list only: to find them costs more than to find one. */
  rows(): readonly T[];
}

type GraphOperation = (call: GraphCall) => Promise<GraphAnswer>;

/** The reads that every set has: its objects, how many there are, one of them. */
export const readsOf = <T>(
  setOf: (call: GraphCall) => EntitySet<T>,
  getOne: (call: GraphCall) => T,
): Readonly<Record<'list' | 'count' | 'retrieve', GraphOperation>> => ({
  list: async (call) => answerList(call, setOf(call)),
  count: async (call) => answerCount(call, setOf(call)),
  async retrieve(call) {
    const { type, path } = setOf(call);
    return answerEntity(call, type, path, getOne(call));
  },
});

const isEventual = ({ request }: GraphCall): boolean =>
  request.headers['consistencylevel']?.trim().toLowerCase() === 'eventual';

/** One page of a set. */
function answerList<T>(call: GraphCall, { type, path, rows }: EntitySet<T>): GraphAnswer {
  const page = takePage(type, rows(), call.query, call.directory.current, { eventual: isEventual(call) });
  const body: GraphObject = {
    ...(page.count === undefined ? {} : { '@odata.count': page.count }),
    ...(page.next === undefined ? {} : { '@odata.nextLink': `${call.root}/${path}?${page.next}` }),
    value: page.value,
  };
  return { status: 200, context: contextOf(path, page.shape), body };
}

function answerCount<T>(call: GraphCall, { type, rows }: EntitySet<T>): GraphAnswer {
  const count = countRows(type, rows(), call.query, call.directory.current, { eventual: isEventual(call) });
  return { status: 200, text: String(count) };
}

/** One object of the set at `path`. */
function answerEntity<T>(call: GraphCall, type: EntityType<T>, path: string, row: T): GraphAnswer {
  const { top, filter, orderBy, count, skipToken } = call.query;
  if (top !== undefined || filter !== undefined || orderBy !== undefined || count || skipToken !== undefined) {
    throw graphRefusal('invalidOption', ['the query', 'one object takes $select and $expand only']);
  }
  const shape = bindShape(type, call.query);
  const body = renderEntity(type, row, call.directory.current, shape);
  return { status: 200, context: `${contextOf(path, shape)}/$entity`, body };
}

export function answerCreated<T>(call: GraphCall, type: EntityType<T>, path: string, row: T): GraphAnswer {
  const body = renderEntity(type, row, call.directory.current);
  return { status: 201, context: `${contextOf(path)}/$entity`, body, created: `${path}/${type.idOf(row)}` };
}

/** `a/b/c` is `a('b')/c` in a context; selected properties stand in parentheses. */
function contextOf(path: string, shape?: Shape): string {
  const [set, id, child] = path.split('/');
  const name = id === undefined ? set : `${set}('${id}')/${child}`;
  return shape?.selected === undefined ? `${name}` : `${name}(${shape.selected.join(',')})`;
}

/** A GUID in a path. Throws a Refusal (400) when it is none. */
export function parseKey<T extends Guid>(text: string): T {
  const id = parseGuid<T>(text);
  if (id === undefined) throw graphRefusal('invalidId', [text]);
  return id;
}

/** The key at this place of the path: the routes see to it that there is one. */
export function getKey({ keys }: GraphCall, index: number): GraphKey {
  const key = keys[index];
  if (key === undefined) throw new TypeError(`the route has no key ${index}`);
  return key;
}

/** Does the client ask for an object to be made where there is none (`Prefer: create-if-missing`)? */
export const wantsCreation = ({ request }: GraphCall): boolean =>
  (request.headers['prefer'] ?? '')
    .toLowerCase()
    .split(/[,;]/)
    .some((each) => each.trim() === 'create-if-missing');
