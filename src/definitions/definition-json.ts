import type { DefinitionExpand, DefinitionShape } from './definition-query.ts';
import { type Definition, isA, namespace, type ValueType } from './definition-type.ts';

/** How definitions are written. */
export interface JsonScope {
  /** `apiRoot$metadata#`. */
  readonly contextRoot: string;
  /** Languages of labels that are wanted (`LabelLanguages`); `undefined`: all. */
  readonly languages: ReadonlySet<number> | undefined;
  /** Annotations: `@odata.type`, `@odata.context`. Not with `odata.metadata=none`. */
  readonly annotated: boolean;
}

/** A definition as the object that is sent. `context` is the path to it, for those inside. */
export function definitionJson(
  definition: Definition,
  shape: DefinitionShape,
  scope: JsonScope,
  context: string,
): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  if (scope.annotated && definition.type !== shape.type) json['@odata.type'] = `#${namespace}${definition.type.name}`;
  for (const { name, type } of definition.type.property.values()) {
    if (shape.select !== undefined && !shape.select.has(name)) continue;
    json[name] = withLanguages(definition.read(name), type, scope);
  }
  for (const expand of shape.expand) addExpand(json, definition, expand, scope, `${context}(${definition.id})`);
  return json;
}

function addExpand(
  json: Record<string, unknown>,
  definition: Definition,
  { name, many, shape }: DefinitionExpand,
  scope: JsonScope,
  context: string,
): void {
  const found = definition
    .follow(name)
    .filter((each) => (many ? isA(each.type, shape.type) : true) && shape.where?.(each) !== false);
  const inner = `${context}/${name}`;
  const list = found.map((each) => definitionJson(each, shape, scope, inner));
  const properties = shape.context === '' ? '' : `(${shape.context})`;
  if (scope.annotated) {
    json[`${name}@odata.context`] = `${scope.contextRoot}${inner}${properties}${many ? '' : '/$entity'}`;
  }
  json[name] = many ? list : (list[0] ?? null);
}

/** A value without the labels in languages that are not wanted. */
export function withLanguages(value: unknown, type: ValueType, scope: JsonScope): unknown {
  const { languages } = scope;
  if (languages === undefined || value === null || value === undefined) return value;
  if (type.kind === 'collection') {
    return Array.isArray(value) ? value.map((each) => withLanguages(each, type.of, scope)) : value;
  }
  if (type.kind !== 'complex' || typeof value !== 'object') return value;
  if (type.name === 'Label') return narrowed(value, languages);
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => {
      const memberType = type.members[name];
      return [name, memberType === undefined ? member : withLanguages(member, memberType, scope)];
    }),
  );
}

/** `UserLocalizedLabel` stays: it is in the user's language, whatever is asked for. */
function narrowed(label: object, languages: ReadonlySet<number>): object {
  const all: unknown = Reflect.get(label, 'LocalizedLabels');
  const kept = Array.isArray(all) ? all.filter((each) => languages.has(each.LanguageCode)) : [];
  return { ...label, LocalizedLabels: kept };
}
