import { parseDefinitionChange } from '../definitions/change/apply-change.ts';
import { isDefinitionPath, parseDefinitionRead } from '../definitions/read-definitions.ts';
import type { RequestShape } from '../kernel/cause.ts';
import type { HttpRequest, WrittenRequest } from '../kernel/http.ts';
import { Refusal } from '../kernel/refusal.ts';
import { findLookupSide } from '../metadata/back-navigation.ts';
import type { Navigation, Table } from '../metadata/table.ts';
import { parseBatch } from '../odata/batch/parse-batch.ts';
import { References } from '../odata/batch/references.ts';
import type { Composite, Operation, RowTree } from '../odata/operation.ts';
import { usedShapesOf } from '../odata/request-shape.ts';
import { type ApiAddress, parseApiAddress } from './address.ts';
import { partRequest } from './batch/part-request.ts';
import { parseApart } from './request-input.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/**
 * What a request would ask of the gates if it were sent here: one list of shapes for each of its parts, empty for what asks
 * for nothing. `undefined`: it is none that the Web API understands. Nothing is carried out, nobody is asked for.
 */
export function shapesAsked(
  environment: WebApiEnvironment,
  written: WrittenRequest,
): readonly (readonly RequestShape[])[] | undefined {
  const origin = /^https?:\/\/[^/?#]+/i.exec(written.url)?.[0] ?? '';
  const { publicUrl } = environment;
  // References to rows are absolute where the client wrote them so.
  const body = Buffer.from(origin === '' ? written.body : written.body.replaceAll(origin, publicUrl));
  const { method, headers } = written;
  const url = written.url.slice(origin.length);
  const request: HttpRequest = { method, url, host: new URL(publicUrl).host, headers, body };
  const address = parseApiAddress(publicUrl, url);
  if (address === undefined) return undefined;
  try {
    return address.path === '$batch'
      ? shapesOfBatch(environment, address, request)
      : [shapesOfRequest(environment, address, request)];
  } catch (error) {
    if (error instanceof Refusal) return undefined;
    throw error;
  }
}

function shapesOfBatch(environment: WebApiEnvironment, address: ApiAddress, request: HttpRequest) {
  const { publicUrl, hosts } = environment;
  const outer = { publicUrl, hosts, address, request };
  const { items } = parseBatch(request.headers, request.body);
  const parts = items.flatMap((item) => (item.kind === 'single' ? [item.part] : item.parts));
  return parts.map((part) => {
    const one = partRequest(outer, part, new References());
    return shapesOfRequest(environment, one.address, one.request);
  });
}

function shapesOfRequest(
  environment: WebApiEnvironment,
  address: ApiAddress,
  request: HttpRequest,
): readonly RequestShape[] {
  const { path } = address;
  if (path === '' || path === '$metadata') return [];
  if (isDefinitionPath(path)) return [{ kind: 'definition', privileges: neededFor(address, request) }];
  const { operation, composite } = parseApart(environment, address, request);
  return composite === undefined ? usedShapesOf(operation) : shapesOfComposite(operation, composite);
}

function neededFor(address: ApiAddress, { method, headers, body }: HttpRequest): readonly string[] {
  const { path } = address;
  if (method === 'POST' || method === 'PUT' || method === 'DELETE') {
    return parseDefinitionChange({ method, path, headers, body }).needs;
  }
  return [...parseDefinitionRead({ ...address, headers }).needs].map((kind) => `prvRead${kind}`);
}

function shapesOfComposite(root: Operation, composite: Composite): readonly RequestShape[] {
  switch (composite.kind) {
    case 'tree':
      return [...usedShapesOf(root), ...shapesOfTree(composite.tree)];
    case 'multiple':
      return composite.targets.flatMap(({ operation, tree }) => [
        ...usedShapesOf(operation),
        ...(tree === undefined ? [] : shapesOfTree(tree)),
      ]);
    case 'bulkDelete':
      return composite.queries.flatMap((query) => [
        ...usedShapesOf({ kind: 'flat', query }),
        { kind: 'delete' as const, table: query.table.logicalName },
      ]);
  }
}

/** Rows that are made with another one, and what ties them to it (`make-tree.ts`). */
function shapesOfTree({ table, branches, links }: RowTree): readonly RequestShape[] {
  return [
    ...links.map(({ navigation }) => linkOf('link', table, navigation.name)),
    ...branches.flatMap(({ navigation, rows }) =>
      rows.flatMap((row) => {
        const { values, binds } = row;
        const own = usedShapesOf({ kind: 'create', table: row.table, values, binds });
        return [...own, tieOf(table, navigation), ...shapesOfTree(row)];
      }),
    ),
  ];
}

/** The lookup lies on one of the two rows, both of which are new; many-to-many rows are linked. */
function tieOf(table: Table, navigation: Navigation): RequestShape {
  if (navigation.kind === 'manyToMany') return linkOf('link', table, navigation.name);
  const back = navigation.kind === 'collection' ? findLookupSide(navigation) : navigation;
  return back === undefined
    ? { kind: 'create', table: navigation.target.logicalName }
    : linkOf('create', back.table, back.name);
}

const linkOf = (kind: 'create' | 'link', { logicalName }: Table, navigation: string): RequestShape => ({
  ...{ kind, table: logicalName, navigations: [navigation] },
});
