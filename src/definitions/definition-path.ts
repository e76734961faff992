import { parseGuid } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Argument, PathSegment } from '../odata/syntax/tree.ts';
import { attributeTypes } from './attribute-metadata.ts';
import { refuseDefinition } from './definition-problems.ts';
import { type DefinitionSet, findDefinitionSet } from './definition-sets.ts';
import { type Definition, isA, namespace, type PropertyShape, type TypeShape } from './definition-type.ts';
import { booleanOptionSetMetadata, optionSetMetadata } from './option-set-metadata.ts';
import { manyToManyMetadata, oneToManyMetadata } from './relationship-metadata.ts';

/** One step of a path from a set to what is asked for. */
export type DefinitionStep =
  | { readonly kind: 'key'; readonly property: string; readonly value: string; readonly type: TypeShape }
  | { readonly kind: 'cast'; readonly type: TypeShape }
  | { readonly kind: 'navigate'; readonly name: string; readonly many: boolean; readonly target: TypeShape };

/** What a path names: nothing has been looked up yet. */
export interface DefinitionPath {
  readonly set: DefinitionSet;
  readonly steps: readonly DefinitionStep[];
  /** Type of what stands at the end. */
  readonly type: TypeShape;
  readonly many: boolean;
  /** A property of the definition at the end, asked for by itself. */
  readonly property: PropertyShape | undefined;
  /** For `@odata.context`: the path as written, casts included. */
  readonly context: string;
}

/** Types by which a path or a body can say more closely what it means. */
const castTypes: ReadonlyMap<string, TypeShape> = new Map(
  [...attributeTypes, oneToManyMetadata, manyToManyMetadata, optionSetMetadata, booleanOptionSetMetadata].map(
    (type): [string, TypeShape] => [type.name, type],
  ),
);

/** The type that a name with the namespace stands for, if it is `base` or derived from it. */
export function findCast(name: string, base: TypeShape): TypeShape | undefined {
  const bare = name.startsWith(namespace) ? name.slice(namespace.length) : undefined;
  if (bare === base.name) return base;
  const type = bare === undefined ? undefined : castTypes.get(bare);
  return type !== undefined && isA(type, base) ? type : undefined;
}

/** Reads a path that begins with a definition set. Throws 404 for unknown segments, 400 for bad keys. */
export function bindDefinitionPath(segments: readonly PathSegment[]): DefinitionPath {
  const [first, ...rest] = segments;
  const set = first === undefined ? undefined : findDefinitionSet(first.name);
  if (first === undefined || set === undefined) throw refuseDefinition.unknownType(first?.text ?? '');
  const walk = new PathWalk(set);
  if (first.arguments !== undefined) walk.key(first, first.arguments);
  for (const segment of rest) walk.step(segment);
  return walk.end();
}

class PathWalk {
  readonly #set: DefinitionSet;
  readonly #steps: DefinitionStep[] = [];
  #type: TypeShape;
  #many = true;
  #property: PropertyShape | undefined;
  #context: string;

  constructor(set: DefinitionSet) {
    this.#set = set;
    this.#type = set.type;
    this.#context = set.name;
  }

  key(segment: PathSegment, given: readonly Argument[]): void {
    if (!this.#many) throw refuseDefinition.unknownType(segment.text);
    const { property, value } = keyOf(this.#type, segment, given);
    this.#steps.push({ kind: 'key', property, value, type: this.#type });
    this.#many = false;
    this.#context += property === 'MetadataId' ? `(${value})` : `('${value.replaceAll("'", "''")}')`;
  }

  step(segment: PathSegment): void {
    if (this.#property !== undefined) throw refuseDefinition.unknownType(segment.text);
    const { name } = segment;
    if (name.startsWith(namespace)) this.#cast(segment);
    else if (this.#many) throw refuseDefinition.unknownType(segment.text);
    else this.#member(segment);
    if (segment.arguments === undefined) return;
    if (this.#property !== undefined) throw refuseDefinition.unknownType(segment.text);
    this.key(segment, segment.arguments);
  }

  #cast({ name, text }: PathSegment): void {
    const type = findCast(name, this.#type);
    if (type === undefined) throw refuseDefinition.unknownType(text);
    this.#steps.push({ kind: 'cast', type });
    this.#type = type;
    this.#context += `/${name}`;
  }

  #member({ name, text }: PathSegment): void {
    const navigation = this.#type.navigation.get(name);
    this.#context += `/${name}`;
    if (navigation !== undefined) {
      const target = navigation.target();
      this.#steps.push({ kind: 'navigate', name, many: navigation.many, target });
      this.#type = target;
      this.#many = navigation.many;
      return;
    }
    this.#property = this.#type.property.get(name);
    if (this.#property === undefined) throw refuseDefinition.unknownType(text);
  }

  end(): DefinitionPath {
    return {
      set: this.#set,
      steps: this.#steps,
      type: this.#type,
      many: this.#many,
      property: this.#property,
      context: this.#context,
    };
  }
}

function keyOf(type: TypeShape, segment: PathSegment, given: readonly Argument[]): { property: string; value: string } {
  const [argument, other] = given;
  if (argument === undefined || other !== undefined || argument.value.kind !== 'literal') {
    throw refuseDefinition.key(segment.text);
  }
  const { literal } = argument.value;
  const written = literal.type === 'guid' ? literal.text : literal.type === 'string' ? literal.value : undefined;
  const property = argument.name ?? 'MetadataId';
  if (written === undefined) throw refuseDefinition.key(segment.text);
  if (property === 'MetadataId') {
    const id = parseGuid(written);
    if (id === undefined) throw refuseDefinition.key(segment.text);
    return { property, value: id };
  }
  if (literal.type !== 'string' || !type.keys.includes(property)) throw refuseDefinition.key(segment.text);
  return { property, value: written };
}

/** Follows the steps from all definitions of the set. Throws 404 where a key names nothing. */
export function followPath({ steps }: DefinitionPath, all: readonly Definition[]): readonly Definition[] {
  let current = all;
  let owner: Definition | undefined;
  /** Whether a key has led to a single definition. */
  let one = false;
  for (const step of steps) {
    switch (step.kind) {
      case 'key':
        current = current.filter((each) => each.read(step.property) === step.value);
        if (current.length === 0) throw notFound(step, owner);
        one = true;
        break;
      case 'cast':
        current = current.filter((each) => isA(each.type, step.type));
        if (one && current.length === 0) throw refuseDefinition.unknownType(namespace + step.type.name);
        break;
      case 'navigate':
        owner = current[0];
        current = owner?.follow(step.name) ?? [];
        one = !step.many && current.length > 0;
        break;
      default:
        return unreachable(step);
    }
  }
  return current;
}

function notFound(
  { property, value, type }: Extract<DefinitionStep, { kind: 'key' }>,
  owner: Definition | undefined,
): Error {
  if (type.name === 'EntityMetadata') return refuseDefinition.noTable(value);
  if (type.kind === 'Attribute') return refuseDefinition.noColumn(value, String(owner?.read('LogicalName') ?? ''));
  return refuseDefinition.noDefinition(type, `${property} = ${value}`);
}
