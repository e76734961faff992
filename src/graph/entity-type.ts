import type { DirectorySnapshot } from '../directory/snapshot.ts';

/** An object as Microsoft Graph shows it. */
export type GraphObject = Readonly<Record<string, unknown>>;

/** What a property is in a filter; it decides which literals and operators fit. */
export type PropertyKind = 'text' | 'guid' | 'flag' | 'moment' | 'texts';

export interface PropertyContext {
  readonly directory: DirectorySnapshot;
  /** Was the property asked for by name? Some values are shown only then. */
  readonly selected: boolean;
}

/** One property of a type: what it shows and what a query may do with it. */
export interface Property<T> {
  get(row: T, context: PropertyContext): unknown;
  /** Absent: it cannot be filtered by. */
  readonly kind?: PropertyKind;
  /** May `$orderby` name it? */
  readonly sortable?: true;
}

/** A kind of object: its properties in the order in which they are shown. Adding one is adding a line. */
export interface EntityType<T> {
  /** As in Microsoft's metadata, without the namespace. */
  readonly name: string;
  readonly properties: Readonly<Record<string, Property<T>>>;
  /** Navigation properties that `$expand` may name. */
  readonly expandable: Readonly<Record<string, (row: T, directory: DirectorySnapshot) => readonly GraphObject[]>>;
  /** In this order pages are made; unique. */
  idOf(row: T): string;
}

/** The object with the properties that are `selected`, all without; and what is expanded. */
export function renderEntity<T>(
  type: EntityType<T>,
  row: T,
  directory: DirectorySnapshot,
  shape: { readonly selected: readonly string[] | undefined; readonly expanded: readonly string[] } = noShape,
): GraphObject {
  const names = shape.selected ?? Object.keys(type.properties);
  const context = { directory, selected: shape.selected !== undefined };
  const shown = names.map((name) => [name, type.properties[name]?.get(row, context)]);
  const expanded = shape.expanded.map((name) => [name, type.expandable[name]?.(row, directory)]);
  return Object.fromEntries([...shown, ...expanded]);
}

const noShape = { selected: undefined, expanded: [] };

/** A moment as Microsoft Graph writes it. */
export const graphMoment = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`;
