import { refuse } from '../odata/problems.ts';
import { parseExpand, parseSelect } from '../odata/syntax/options.ts';
import type { ExpandItem, PathStep, SelectItem } from '../odata/syntax/tree.ts';
import { bindDefinitionFilter, type Predicate } from './definition-filter.ts';
import { findCast } from './definition-path.ts';
import { refuseDefinition } from './definition-problems.ts';
import { type DefinitionKind, namespace, type TypeShape } from './definition-type.ts';

/** What is asked of definitions of one type. */
export interface DefinitionShape {
  readonly type: TypeShape;
  /** Names of properties; `undefined`: all that a definition has. */
  readonly select: ReadonlySet<string> | undefined;
  readonly where: Predicate | undefined;
  readonly expand: readonly DefinitionExpand[];
  /** What `@odata.context` says in parentheses. */
  readonly context: string;
}

export interface DefinitionExpand {
  readonly name: string;
  readonly many: boolean;
  readonly shape: DefinitionShape;
}

export interface ShapeOptions {
  readonly options: ReadonlyMap<string, string>;
  readonly many: boolean;
  readonly canFilter: boolean;
  /** Collects what must be readable. */
  readonly needs: Set<DefinitionKind>;
}

const mostExpands = 15;

/** `$select`, `$filter` and `$expand` of a request for definitions; every other option is refused. */
export function bindDefinitionShape(
  type: TypeShape,
  { options, many, canFilter, needs }: ShapeOptions,
): DefinitionShape {
  for (const name of options.keys()) {
    const isKnown = name === '$select' || name === '$expand' || (name === '$filter' && many && canFilter);
    if (!isKnown) throw refuseDefinition.option(name, 'metadata entities');
  }
  const select = options.get('$select');
  const filter = options.get('$filter');
  const expand = options.get('$expand');
  const budget = { left: mostExpands };
  return shapeOf(
    type,
    {
      select: select === undefined ? undefined : parseSelect(select),
      where: filter === undefined ? undefined : bindDefinitionFilter(type, filter),
      expand: expand === undefined ? [] : parseExpand(expand),
    },
    { needs, budget },
  );
}

interface Parts {
  readonly select: readonly SelectItem[] | undefined;
  readonly where: Predicate | undefined;
  readonly expand: readonly ExpandItem[];
}

interface ShapeScope {
  readonly needs: Set<DefinitionKind>;
  /** Expands that may still come. */
  readonly budget: { left: number };
}

function shapeOf(type: TypeShape, { select, where, expand }: Parts, scope: ShapeScope): DefinitionShape {
  scope.needs.add(type.kind);
  const names = select === undefined ? undefined : bindSelect(type, select);
  const expands = expand.map((item) => bindExpand(type, item, scope));
  const context = [
    ...(select ?? []).map((item) => item.text),
    ...expands.map(({ name, shape }) => `${name}(${shape.context})`),
  ].join(',');
  return { type, select: names, where, expand: expands, context };
}

function bindSelect(type: TypeShape, items: readonly SelectItem[]): ReadonlySet<string> | undefined {
  const names = new Set<string>(['MetadataId']);
  for (const { steps, text } of items) {
    const name = singleName(steps, text);
    if (name === '*') return undefined;
    if (!type.property.has(name)) throw refuseDefinition.unknownProperty(name, type);
    names.add(name);
  }
  return names;
}

function singleName([step, other]: readonly PathStep[], text: string): string {
  if (step?.kind === 'star' && other === undefined) return '*';
  if (step?.kind !== 'name' || other !== undefined) throw refuse.notSupported(`'${text.slice(0, 100)}' in $select`);
  return step.name;
}

/** `Attributes(...)`, also with a cast: `Attributes/Microsoft.Dynamics.CRM.PicklistAttributeMetadata(...)`. */
function bindExpand(type: TypeShape, { steps, options }: ExpandItem, scope: ShapeScope): DefinitionExpand {
  if (scope.budget.left-- <= 0) throw refuse.limit('expanded navigation properties', mostExpands);
  const [first, second, third] = steps;
  const name = first?.kind === 'name' ? first.name : '';
  const navigation = type.navigation.get(name);
  if (navigation === undefined) throw refuseDefinition.unknownProperty(name, type);
  if (third !== undefined) throw refuse.notSupported(`a path after '${name}' in $expand`);
  const target = second === undefined ? navigation.target() : castOf(second, navigation.target());
  const parts: { -readonly [Part in keyof Parts]: Parts[Part] } = { select: undefined, where: undefined, expand: [] };
  for (const option of options) {
    if (option.name === '$select') parts.select = option.items;
    else if (option.name === '$expand') parts.expand = option.items;
    else if (option.name === '$filter' && navigation.many) parts.where = bindDefinitionFilter(target, option.text);
    else throw refuseDefinition.option(option.name, 'metadata entities');
  }
  return { name, many: navigation.many, shape: shapeOf(target, parts, scope) };
}

function castOf(step: PathStep, base: TypeShape): TypeShape {
  const name = step.kind === 'name' ? step.name : '';
  const type = name.startsWith(namespace) ? findCast(name, base) : undefined;
  if (type === undefined) throw refuseDefinition.unknownProperty(name, base);
  return type;
}
