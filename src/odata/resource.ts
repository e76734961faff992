import type { Guid } from '../kernel/ids.ts';
import { findEntityAction } from '../metadata/entity-actions.ts';
import type { Column, Model, Navigation, Table } from '../metadata/table.ts';
import type { KeyScope, KeyValues } from './alternate-key.ts';
import { type MultipleMessage, multipleMessages } from './multiple-operation.ts';
import type { BoundRow } from './operation.ts';
import { type Place, refuse } from './problems.ts';
import { findRow, parseKey, segmentSource } from './row-reference.ts';
import type { Argument, PathSegment } from './syntax/tree.ts';

/** What the path of a URL names, in the words of the model. */
export type Resource =
  | { readonly kind: 'collection'; readonly table: Table }
  | { readonly kind: 'count'; readonly table: Table }
  | {
      readonly kind: 'row';
      readonly table: Table;
      readonly id: Guid;
      /** The alternate key that named it. */
      readonly key?: KeyValues;
    }
  /** An alternate key that no row has: a PATCH may make the row. */
  | { readonly kind: 'absentRow'; readonly table: Table; readonly key: KeyValues }
  | { readonly kind: 'property'; readonly table: Table; readonly id: Guid; readonly property: PropertyPart }
  | {
      readonly kind: 'navigation';
      readonly table: Table;
      readonly id: Guid;
      readonly navigation: Navigation;
      /** `collection(id)`, `collection/$count`, `lookup/property`; absent: the related rows themselves. */
      readonly part?: RelatedPart;
    }
  | {
      readonly kind: 'reference';
      readonly table: Table;
      readonly id: Guid;
      readonly navigation: Navigation;
      /** `navigation(id)/$ref`. */
      readonly targetId: Guid | undefined;
      /** Where `$ref` stands. */
      readonly place: Place;
    }
  | { readonly kind: 'multiple'; readonly table: Table; readonly name: MultipleMessage }
  | { readonly kind: 'message'; readonly name: string; readonly bound?: BoundRow; readonly segment: PathSegment };

/** `property` or `property/$value` behind a row. */
export interface PropertyPart {
  readonly kind: 'property';
  readonly column: Column;
  /** `/$value`: the plain text of the value. */
  readonly raw: boolean;
}

export type RelatedPart = PropertyPart | { readonly kind: 'count' } | { readonly kind: 'row'; readonly id: Guid };

export interface ResourceScope extends KeyScope {
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
  const { id, key } = findRow(table, first, first.arguments, scope);
  if (id === undefined) {
    if (key === undefined || second !== undefined) throw refuse.keyNotFound(table);
    return { kind: 'absentRow', table, key };
  }
  return second === undefined
    ? { kind: 'row', table, id, ...(key && { key }) }
    : ofRow({ table, id }, second, rest, scope);
}

/** Where a segment begins. */
const begin = (segment: PathSegment): Place => ({ ...segmentSource(segment), at: 0 });

const unknown = (segment: PathSegment): Error => refuse.resourceNotFound(segment.name, begin(segment));

const messageNamespace = 'Microsoft.Dynamics.CRM.';

function unboundMessage(first: PathSegment, second: PathSegment | undefined, { messages }: ResourceScope): Resource {
  const name = first.name.startsWith(messageNamespace) ? first.name.slice(messageNamespace.length) : first.name;
  const isKey = first.arguments?.some((argument) => argument.name === undefined) === true;
  const mayBe = messages === undefined ? !name.includes('.') && !name.startsWith('$') : messages.has(name);
  if (!mayBe || isKey) throw unknown(first);
  if (second === undefined) return { kind: 'message', name, segment: first };
  if (messages === undefined) throw unknown(first);
  throw refuse.notSupported(`a path after the function '${name}'`, begin(second));
}

function ofCollection(table: Table, second: PathSegment | undefined, rest: readonly PathSegment[]): Resource {
  if (second === undefined) return { kind: 'collection', table };
  if (second.name === '$count' && second.arguments === undefined) {
    const [after] = rest;
    if (after !== undefined) throw unknown(after);
    return { kind: 'count', table };
  }
  if (second.name.startsWith(messageNamespace)) {
    const name = multipleMessages.find((each) => second.name === `${messageNamespace}${each}`);
    if (name !== undefined && second.arguments === undefined && rest.length === 0)
      return { kind: 'multiple', table, name };
    throw refuse.notSupported(`'${second.name}' on a collection of rows`, begin(second));
  }
  if (second.name === '$ref') throw refuse.notSupported("'$ref' on an entity set", begin(second));
  throw unknown(second);
}

function ofRow(row: BoundRow, segment: PathSegment, rest: readonly PathSegment[], scope: ResourceScope): Resource {
  const { name } = segment;
  if (name.startsWith(messageNamespace)) {
    const [after] = rest;
    if (!mayBeBound(name.slice(messageNamespace.length), scope)) throw noBoundMessage(segment, scope);
    if (after !== undefined) throw refuse.notSupported(`a path after the function '${name}'`, begin(after));
    return { kind: 'message', name: name.slice(messageNamespace.length), bound: row, segment };
  }
  const navigation = row.table.navigation.get(name);
  if (navigation !== undefined) return ofNavigation(row, navigation, segment, rest, scope);
  const property = findProperty(row.table, segment, rest);
  if (property !== undefined) return { kind: 'property', ...row, property };
  if (name === '$ref') throw refuse.notSupported("'$ref' on a row", begin(segment));
  throw unknown(segment);
}

/** One that an environment does not have is refused when it is looked for there. */
const mayBeBound = (name: string, { messages }: ResourceScope): boolean =>
  messages === undefined || messages.has(name) || findEntityAction(name) !== undefined;

function noBoundMessage(segment: PathSegment, { model }: ResourceScope): Error {
  const isTable = model.table.has(segment.name.slice(messageNamespace.length));
  return isTable ? refuse.notSupported(`the type cast '${segment.name}'`, begin(segment)) : unknown(segment);
}

/** `property` or `property/$value`; refuses anything else behind a property. */
function findProperty(
  table: Table,
  segment: PathSegment,
  [next, more]: readonly PathSegment[],
): PropertyPart | undefined {
  const column = segment.arguments === undefined ? table.property.get(segment.name) : undefined;
  if (column === undefined) return undefined;
  if (next === undefined) return { kind: 'property', column, raw: false };
  if (next.name !== '$value' || next.arguments !== undefined) throw unknown(next);
  if (more !== undefined) throw unknown(more);
  return { kind: 'property', column, raw: true };
}

function ofNavigation(
  row: BoundRow,
  navigation: Navigation,
  segment: PathSegment,
  rest: readonly PathSegment[],
  scope: KeyScope,
): Resource {
  const [next, more] = rest;
  const targetId =
    segment.arguments === undefined ? undefined : targetOf(navigation, segment, segment.arguments, scope);
  const isLast = next?.arguments === undefined && (next?.name === '$ref' || next?.name === '$count');
  if (isLast && more !== undefined) throw unknown(more);
  if (isLast && next?.name === '$ref') {
    return { kind: 'reference', ...row, navigation, targetId, place: begin(next) };
  }
  const resource = { kind: 'navigation', ...row, navigation } as const;
  if (next === undefined)
    return targetId === undefined ? resource : { ...resource, part: { kind: 'row', id: targetId } };
  const part = targetId === undefined ? relatedPart(navigation, rest) : undefined;
  if (part !== undefined) return { ...resource, part };
  throw refuse.notSupported(`a path after the navigation property '${navigation.name}'`, begin(next));
}

function relatedPart(navigation: Navigation, [next, ...rest]: readonly PathSegment[]): RelatedPart | undefined {
  if (next === undefined) return undefined;
  if (navigation.kind === 'single') return findProperty(navigation.target, next, rest);
  return next.name === '$count' && next.arguments === undefined ? { kind: 'count' } : undefined;
}

function targetOf(navigation: Navigation, segment: PathSegment, given: readonly Argument[], scope: KeyScope): Guid {
  if (navigation.kind === 'single') throw refuse.resourceNotFound(segment.text, begin(segment));
  return parseKey(navigation.target, segment, given, scope);
}
