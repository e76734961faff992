import { type Relationship, relationshipsOf } from '../../metadata/relationships.ts';
import { Differences } from '../../odata/fidelity.ts';
import type { RequestHeaders } from '../../odata/headers.ts';
import { refuse } from '../../odata/problems.ts';
import { parseResourcePath } from '../../odata/syntax/resource-path.ts';
import { bindDefinitionPath, type DefinitionPath, followPath } from '../definition-path.ts';
import { refuseDefinition } from '../definition-problems.ts';
import type { Definition } from '../definition-type.ts';
import { relationshipId } from '../rows.ts';
import type { Change, ChangeContext } from './change.ts';
import { createChoice, deleteChoice, updateChoice } from './choices.ts';
import { createColumn, deleteColumn, updateColumn } from './columns.ts';
import { DefinitionBody } from './definition-body.ts';
import { createRelationship, deleteRelationship, updateRelationship } from './relationships.ts';
import { createKey, createTable, deleteKey, deleteTable, updateTable } from './tables.ts';

export type ChangeMethod = 'POST' | 'PUT' | 'DELETE';

/** A request that changes definitions, understood but not yet allowed. */
export interface ChangeRequest {
  /** Names of the privileges that it needs. */
  readonly needs: readonly string[];
  /** Works out what becomes of the definitions. Throws 400 and 404. */
  change(context: Omit<ChangeContext, 'mergeLabels'>): Change;
}

export interface ChangeInput {
  readonly method: ChangeMethod;
  readonly path: string;
  readonly headers: RequestHeaders;
  readonly body: Buffer;
}

/** The definitions that a path leads to, outermost first: a table and one of its columns, for example. */
interface Found {
  readonly outer: Definition | undefined;
  readonly inner: Definition | undefined;
}

type Run = (context: ChangeContext, found: Found, body: DefinitionBody) => Change;

function nameOf(definition: Definition | undefined, property = 'LogicalName'): string {
  if (definition === undefined) throw new TypeError('the path names no definition');
  return String(definition.read(property));
}

/** What each kind of path may be asked for: its privileges and what is done. */
const routes: Readonly<Record<string, Partial<Record<ChangeMethod, { needs: readonly string[]; run: Run }>>>> = {
  'EntityDefinitions *': {
    POST: {
      needs: ['prvCreateEntity', 'prvCreateAttribute'],
      run: (context, _found, body) => createTable(context, body),
    },
  },
  EntityDefinitions: {
    PUT: { needs: ['prvWriteEntity'], run: (context, { inner }, body) => updateTable(context, nameOf(inner), body) },
    DELETE: { needs: ['prvDeleteEntity'], run: (context, { inner }) => deleteTable(context, nameOf(inner)) },
  },
  'Attributes *': {
    POST: {
      needs: ['prvCreateAttribute'],
      run: (context, { outer }, body) => createColumn(context, nameOf(outer), body),
    },
  },
  Attributes: {
    PUT: {
      needs: ['prvWriteAttribute'],
      run: (context, { outer, inner }, body) => updateColumn(context, nameOf(outer), nameOf(inner), body),
    },
    DELETE: {
      needs: ['prvDeleteAttribute'],
      run: (context, { outer, inner }) => deleteColumn(context, nameOf(outer), nameOf(inner)),
    },
  },
  'Keys *': {
    POST: { needs: ['prvWriteEntity'], run: (context, { outer }, body) => createKey(context, nameOf(outer), body) },
  },
  Keys: {
    DELETE: {
      needs: ['prvWriteEntity'],
      run: (context, { outer, inner }) => deleteKey(context, nameOf(outer), nameOf(inner)),
    },
  },
  'RelationshipDefinitions *': {
    POST: {
      needs: ['prvCreateRelationship', 'prvCreateAttribute'],
      run: (context, _found, body) => createRelationship(context, body),
    },
  },
  RelationshipDefinitions: {
    PUT: {
      needs: ['prvWriteRelationship'],
      run: (context, { inner }, body) => updateRelationship(context, getRelationship(context, inner), body),
    },
    DELETE: {
      needs: ['prvDeleteRelationship', 'prvDeleteAttribute'],
      run: (context, { inner }) => deleteRelationship(context, getRelationship(context, inner)),
    },
  },
  'GlobalOptionSetDefinitions *': {
    POST: { needs: ['prvCreateOptionSet'], run: (context, _found, body) => createChoice(context, body) },
  },
  GlobalOptionSetDefinitions: {
    PUT: {
      needs: ['prvWriteOptionSet'],
      run: (context, { inner }, body) => updateChoice(context, nameOf(inner, 'Name'), body),
    },
    DELETE: {
      needs: ['prvDeleteOptionSet'],
      run: (context, { inner }) => deleteChoice(context, nameOf(inner, 'Name')),
    },
  },
};

function getRelationship({ model }: ChangeContext, definition: Definition | undefined): Relationship {
  const found = relationshipsOf(model).find((each) => relationshipId(each.schemaName) === definition?.id);
  if (found === undefined) throw new TypeError('the relationship is missing');
  return found;
}

/** Reads a request that changes definitions. Throws 400, 404, 405 and 415; looks nothing up. */
export function parseDefinitionChange({ method, path, headers, body }: ChangeInput): ChangeRequest {
  const bound = bindDefinitionPath(parseResourcePath(path));
  const kind = kindOf(bound);
  const methods = routes[kind] ?? {};
  const route = methods[method];
  if (route === undefined) throw refuse.methodNotAllowed(method, ['GET', 'HEAD', ...Object.keys(methods)]);
  const parsed =
    method === 'DELETE' ? new DefinitionBody({}, kind) : DefinitionBody.parse(body, headers, bound.set.name);
  const mergeLabels = headers['mscrm.mergelabels']?.toLowerCase() === 'true';
  return {
    needs: route.needs,
    change: (given) => {
      const context = { ...given, mergeLabels };
      return route.run(context, find(context, bound), parsed);
    },
  };
}

/** The last collection of a path, with a star when no definition in it is named. */
function kindOf({ set, steps, many, property }: DefinitionPath): string {
  if (property !== undefined) return 'property';
  let kind = set.name;
  for (const step of steps) if (step.kind === 'navigate') kind = step.name;
  return many ? `${kind} *` : kind;
}

/** What the path leads to. Nothing for a set itself: what is created in it needs nothing. */
function find({ model }: ChangeContext, path: DefinitionPath): Found {
  const all = path.set.list(model, new Differences('extended'));
  const at = path.steps.findIndex((step) => step.kind === 'navigate');
  const [outer] = at < 0 ? [] : followPath({ ...path, steps: path.steps.slice(0, at) }, all);
  const [inner] = path.many ? [] : followPath(path, all);
  if (inner === undefined && !path.many) throw refuseDefinition.unknownType(path.context);
  return { outer, inner };
}
