import type { Directory } from '../directory/directory.ts';
import type { SecretText } from '../directory/secret.ts';
import type { HttpRequest } from '../kernel/http.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { Caller } from '../token/caller.ts';
import type { ListQuery } from './list-query.ts';
import { graphRefusal } from './problems.ts';
import type { GraphObject } from './resources.ts';

/** One request, authenticated and permitted, with what an operation needs to carry it out. */
export interface GraphCall {
  readonly caller: Caller;
  readonly directory: Directory;
  readonly request: HttpRequest;
  readonly query: ListQuery;
  /** The key in the path; empty for a whole set. */
  readonly key: GraphKey;
  /** `<public URL>/v1.0` */
  readonly root: string;
  readonly generateSecret: () => SecretText;
}

/** `/set/<id>` or `/set(appId='<client id>')`, not yet looked at. */
export interface GraphKey {
  readonly id?: string;
  readonly appId?: string;
}

export type GraphAnswer =
  | { readonly status: 204 }
  /** `context` follows `$metadata#` in `@odata.context`; `created` is the path of a new object. */
  | { readonly status: 200; readonly context: string; readonly body: GraphObject }
  | { readonly status: 201; readonly context: string; readonly body: GraphObject; readonly created: string };

/** The object with the properties that `$select` names; all without one. */
export function select(call: GraphCall, object: GraphObject): GraphObject {
  const names = call.query.select;
  return names === undefined
    ? object
    : Object.fromEntries(Object.entries(object).filter(([name]) => names.includes(name)));
}

/** A GUID in a path. Throws a Refusal (400) when it is none. */
export function parseKey<T extends Guid>(text: string): T {
  const id = parseGuid<T>(text);
  if (id === undefined) throw graphRefusal('invalidId', [text]);
  return id;
}
