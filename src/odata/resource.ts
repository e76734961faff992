import type { Guid } from '../kernel/ids.ts';
import type { Model, Navigation, Table } from '../metadata/table.ts';
import type { BoundRow } from './operation.ts';
import { refuse } from './problems.ts';
import { parseKey } from './row-reference.ts';
import type { Argument, PathSegment } from './syntax/tree.ts';

/** What the path of a URL names, in the words of the model. */
export type Resource =
  | { readonly kind: 'collection'; readonly table: Table }
  | { readonly kind: 'count'; readonly table: Table }
  | { readonly kind: 'row'; readonly table: Table; readonly id: Guid }
  | { readonly kind: 'navigation'; readonly table: Table; readonly id: Guid; readonly navigation: Navigation }
  | {
      readonly kind: 'reference';
      readonly table: Table;
      readonly id: Guid;
      readonly navigation: Navigation;
      /** `navigation(id)/$ref`. */
      readonly targetId: Guid | undefined;
    }
  | { readonly kind: 'message'; readonly name: string; readonly bound?: BoundRow; readonly segment: PathSegment };

export interface ResourceScope {
  readonly model: Model;
  /** Names of the functions and actions that exist; absent: any name may be one, and the receiver refuses others. */
  readonly messages: ReadonlySet<string> | undefined;
}

/** Finds what the segments of a path name. Throws 404 for unknown names, 400 for bad keys, 501 for what is not here. */
export function bindResource(segments: readonly PathSegment[], scope: ResourceScope): Resource {
  const [first, second, ...rest] = segments;
  if (first === undefined) throw refuse.resourceNotFound('');
  const table = scope.model.entitySet.get(first.name);
  if (table === undefined) return unboundMessage(first, second, scope);
  if (first.arguments === undefined) return ofCollection(table, second, rest);
  const id = parseKey(table, first, first.arguments);
  return second === undefined ? { kind: 'row', table, id } : ofRow({ table, id }, second, rest);
}

const messageNamespace = 'Microsoft.Dynamics.CRM.';

function unboundMessage(first: PathSegment, second: PathSegment | undefined, { messages }: ResourceScope): Resource {
  const name = first.name.startsWith(messageNamespace) ? first.name.slice(messageNamespace.length) : first.name;
  const isKey = first.arguments?.some((argument) => argument.name === undefined) === true;
  const mayBe = messages === undefined ? !name.includes('.') && !name.startsWith('$') : messages.has(name);
  if (!mayBe || isKey) throw refuse.resourceNotFound(first.name);
  if (second === undefined) return { kind: 'message', name, segment: first };
  if (messages === undefined) throw refuse.resourceNotFound(first.name);
  throw refuse.notSupported(`a path after the function '${name}'`);
}

function ofCollection(table: Table, second: PathSegment | undefined, rest: readonly PathSegment[]): Resource {
  if (second === undefined) return { kind: 'collection', table };
  if (second.name === '$count' && second.arguments === undefined && rest.length === 0) return { kind: 'count', table };
  if (second.name.startsWith(messageNamespace)) {
    throw refuse.notSupported(`'${second.name}' on a collection of rows`);
  }
  throw refuse.resourceNotFound(second.name);
}

function ofRow(row: BoundRow, segment: PathSegment, rest: readonly PathSegment[]): Resource {
  const { name } = segment;
  if (name.startsWith(messageNamespace)) {
    if (rest.length > 0) throw refuse.notSupported(`a path after the function '${name}'`);
    return { kind: 'message', name: name.slice(messageNamespace.length), bound: row, segment };
  }
  const navigation = row.table.navigation.get(name);
  if (navigation !== undefined) return ofNavigation(row, navigation, segment, rest);
  if (row.table.property.has(name) && segment.arguments === undefined) {
    throw refuse.notSupported(`the property '${name}' of a row as a resource of its own`);
  }
  throw refuse.resourceNotFound(name);
}

function ofNavigation(
  row: BoundRow,
  navigation: Navigation,
  segment: PathSegment,
  rest: readonly PathSegment[],
): Resource {
  const [next, more] = rest;
  const targetId = segment.arguments === undefined ? undefined : targetOf(navigation, segment, segment.arguments);
  if (next?.name === '$ref' && more === undefined && next.arguments === undefined) {
    return { kind: 'reference', ...row, navigation, targetId };
  }
  if (next === undefined && targetId === undefined) return { kind: 'navigation', ...row, navigation };
  throw refuse.notSupported(`a path after the navigation property '${navigation.name}'`);
}

function targetOf(navigation: Navigation, segment: PathSegment, given: readonly Argument[]): Guid {
  if (navigation.kind === 'single') throw refuse.resourceNotFound(segment.text);
  return parseKey(navigation.target, segment, given);
}
