import type { Model } from '../metadata/table.ts';
import type { Differences } from '../odata/fidelity.ts';
import { type AnswerFormat, checkVersions, parseAccept, type RequestHeaders } from '../odata/headers.ts';
import { parseQueryString } from '../odata/syntax/query-string.ts';
import { parseResourcePath } from '../odata/syntax/resource-path.ts';
import { definitionJson, type JsonScope, withLanguages } from './definition-json.ts';
import { bindDefinitionPath, type DefinitionPath, followPath } from './definition-path.ts';
import { refuseDefinition } from './definition-problems.ts';
import { bindDefinitionShape, type DefinitionShape } from './definition-query.ts';
import { findDefinitionSet } from './definition-sets.ts';
import type { DefinitionKind } from './definition-type.ts';

/** A GET on metadata entities, understood but not yet allowed. */
export interface DefinitionRead {
  readonly path: DefinitionPath;
  readonly shape: DefinitionShape;
  /** Kinds of definitions that the caller must be allowed to read. */
  readonly needs: ReadonlySet<DefinitionKind>;
  readonly languages: ReadonlySet<number> | undefined;
  readonly format: AnswerFormat;
}

export interface DefinitionRequest {
  /** Percent-encoded, after the service root. */
  readonly path: string;
  readonly query: string;
  readonly headers: RequestHeaders;
}

/** Does the path lead to metadata entities? */
export const isDefinitionPath = (path: string): boolean => findDefinitionSet(firstName(path)) !== undefined;

function firstName(path: string): string {
  const end = path.search(/[/(]/);
  return end < 0 ? path : path.slice(0, end);
}

/** Throws 400 and 404 for what is not understood; looks nothing up. */
export function parseDefinitionRead({ path, query, headers }: DefinitionRequest): DefinitionRead {
  checkVersions(headers);
  const bound = bindDefinitionPath(parseResourcePath(path));
  const { system } = parseQueryString(query);
  const needs = new Set<DefinitionKind>(kindsOf(bound));
  const canFilter = bound.set.canFilter || bound.steps.length > 0;
  const shape = bindDefinitionShape(bound.type, { options: system, many: bound.many, canFilter, needs });
  return { path: bound, shape, needs, languages: parseLanguages(query), format: parseAccept(headers) };
}

function kindsOf({ set, steps }: DefinitionPath): readonly DefinitionKind[] {
  return [set.type.kind, ...steps.flatMap((step) => (step.kind === 'navigate' ? [step.target.kind] : []))];
}

/** `LabelLanguages=1033,1044` (learn.microsoft.com, "Query table definitions", languages returned). */
function parseLanguages(query: string): ReadonlySet<number> | undefined {
  const text = new URLSearchParams(query).get('LabelLanguages');
  if (text === null) return undefined;
  const codes = text.split(',').map((part) => part.trim());
  if (!codes.every((code) => /^\d{1,6}$/.test(code))) throw refuseDefinition.language(text);
  return new Set(codes.map(Number));
}

/** Where definitions are read. */
export interface DefinitionSource {
  readonly model: Model;
  readonly apiRoot: string;
  readonly differences: Differences;
}

/** The answer: the object that is sent, or `undefined` for "no content". Throws 404 where a key names nothing. */
export function readDefinitions(
  read: DefinitionRead,
  { model, apiRoot, differences }: DefinitionSource,
): object | undefined {
  const { path, shape, languages, format } = read;
  const found = followPath(path, path.set.list(model, differences));
  const contextRoot = `${apiRoot}$metadata#`;
  const scope: JsonScope = { contextRoot, languages, annotated: format.metadata !== 'none' };
  const [first] = found;
  if (path.property !== undefined) {
    if (first === undefined) return undefined;
    const value = withLanguages(first.read(path.property.name), path.property.type, scope);
    if (value === null || value === undefined) return undefined;
    return { ...contextMember(scope, path.context), ...valueMembers(value) };
  }
  const properties = shape.context === '' ? '' : `(${shape.context})`;
  if (!path.many) {
    if (first === undefined) return undefined;
    const json = definitionJson(first, shape, scope, path.set.name);
    return { ...contextMember(scope, `${path.context}${properties}/$entity`), ...json };
  }
  const value = found
    .filter((each) => shape.where?.(each) !== false)
    .map((each) => definitionJson(each, shape, scope, path.context));
  return { ...contextMember(scope, `${path.context}${properties}`), value };
}

/** A complex value is sent as it is, anything else as `value` (OData JSON format 4.01 section 11). */
const valueMembers = (value: unknown): object =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };

const contextMember = ({ annotated, contextRoot }: JsonScope, context: string): object =>
  annotated ? { '@odata.context': `${contextRoot}${context}` } : {};
