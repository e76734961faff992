import type { Guid } from '../kernel/ids.ts';

/**
 * How metadata entities are written down: each type as data, with where each property comes from. Reading, filtering,
 * `$metadata` and the checks of what is written all follow from it.
 */

type PrimitiveName = 'String' | 'Int32' | 'Int64' | 'Double' | 'Decimal' | 'Boolean' | 'Guid' | 'DateTimeOffset';

export interface PrimitiveType {
  readonly kind: 'primitive';
  /** Without `Edm.`. */
  readonly name: PrimitiveName;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: Readonly<Record<string, number>>;
}

export interface ComplexType {
  readonly kind: 'complex';
  readonly name: string;
  readonly members: Readonly<Record<string, ValueType>>;
}

export interface CollectionType {
  readonly kind: 'collection';
  readonly of: PrimitiveType | EnumType | ComplexType;
}

export type ValueType = PrimitiveType | EnumType | ComplexType | CollectionType;

export const primitive = (name: PrimitiveName): PrimitiveType => ({ kind: 'primitive', name });

export interface PropertyShape {
  readonly name: string;
  readonly type: ValueType;
}

export interface NavigationShape {
  readonly name: string;
  readonly many: boolean;
  /** Asked for only when it is used: types refer to each other. */
  target(): TypeShape;
}

/** What reading a kind of definition needs: the last part of `prvRead…` (dataverse-web-api 3.4). */
export type DefinitionKind = 'Entity' | 'Attribute' | 'Relationship' | 'OptionSet';

/** A type as URLs see it. */
export interface TypeShape {
  /** Without namespace. */
  readonly name: string;
  readonly kind: DefinitionKind;
  readonly base: TypeShape | undefined;
  /** With those of the base types. */
  readonly property: ReadonlyMap<string, PropertyShape>;
  readonly navigation: ReadonlyMap<string, NavigationShape>;
  /** Properties besides `MetadataId` by which one definition is named in a URL. */
  readonly keys: readonly string[];
}

export interface Property<Row> extends PropertyShape {
  value(row: Row): unknown;
}

export interface Navigation<Row> extends NavigationShape {
  follow(row: Row): readonly Definition[];
}

/** A type that knows where its values come from. */
export interface DefinitionType<Row> extends TypeShape {
  readonly base: DefinitionType<Row> | undefined;
  readonly property: ReadonlyMap<string, Property<Row>>;
  readonly navigation: ReadonlyMap<string, Navigation<Row>>;
}

/** One metadata entity: a table, a column, a choice ... */
export interface Definition {
  readonly type: TypeShape;
  readonly id: Guid;
  /** `undefined`: the type has no such property. */
  read(property: string): unknown;
  follow(navigation: string): readonly Definition[];
}

interface TypeParts<Row> {
  readonly name: string;
  readonly kind: DefinitionKind;
  readonly base?: DefinitionType<Row>;
  readonly keys?: readonly string[];
  readonly properties: readonly Property<Row>[];
  readonly navigations?: readonly Navigation<Row>[];
}

export function defineType<Row>({
  name,
  kind,
  base,
  keys,
  properties,
  navigations = [],
}: TypeParts<Row>): DefinitionType<Row> {
  return {
    name,
    kind,
    base,
    keys: keys ?? base?.keys ?? [],
    property: byName([...properties, ...(base?.property.values() ?? [])]),
    navigation: byName([...(base?.navigation.values() ?? []), ...navigations]),
  };
}

const byName = <T extends { readonly name: string }>(all: readonly T[]): ReadonlyMap<string, T> =>
  new Map(all.map((each) => [each.name, each]));

export const definition = <Row>(type: DefinitionType<Row>, id: Guid, row: Row): Definition => ({
  type,
  id,
  read: (property) => type.property.get(property)?.value(row),
  follow: (navigation) => type.navigation.get(navigation)?.follow(row) ?? [],
});

/** Is `type` the other one, or derived from it? */
export function isA(type: TypeShape, other: TypeShape): boolean {
  for (let each: TypeShape | undefined = type; each !== undefined; each = each.base) if (each === other) return true;
  return false;
}

export const namespace = 'Microsoft.Dynamics.CRM.';

export const text = primitive('String');
export const int32 = primitive('Int32');
export const bool = primitive('Boolean');
export const guid = primitive('Guid');
export const moment = primitive('DateTimeOffset');

/** A property that has the same value for every definition, or one worked out of it. */
export function property<Row>(name: string, type: ValueType, value: (row: Row) => unknown): Property<Row> {
  return { name, type, value };
}

/** Properties that are the same for all: features that neither the product's virtual tables nor we have. */
export const constants = <Row>(type: ValueType, value: unknown, ...names: readonly string[]): Property<Row>[] =>
  names.map((name) => ({ name, type, value: () => value }));
