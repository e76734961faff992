import { type Guid, parseGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import { unreachable } from '../../kernel/unreachable.ts';
import type { ManyToManyNavigation, Navigation, SingleNavigation, Table } from '../../metadata/table.ts';
import { parseEtag } from '../../odata/etag.ts';
import type { Operation, Precondition } from '../../odata/operation.ts';
import { mintNativeFlat, mintNativeRead } from '../../odata/plan-mint.ts';
import { refuse } from '../../odata/problems.ts';
import { and, type Condition, equals, type Query } from '../../odata/query.ts';
import type { OperationResult } from '../../odata/result.ts';
import type { Page } from '../../odata/row-store.ts';
import { notImplemented } from '../messages.ts';
import { ownerColumnOf } from '../owner-column.ts';
import type { TableGrant } from '../table-grant.ts';
import type { NativeDeps } from './native-deps.ts';
import { missing } from './reachable.ts';
import { hasId, plainQuery, requireNative, restrictFlatToGrant, restrictToGrant } from './restrict-query.ts';

type Kind<K extends Operation['kind']> = Extract<Operation, { kind: K }>;

/** Rows counted where the request named no end (dataverse-web-api 4.10: `$count` stops at 5000). */
const countLimit = 5000;

/** Runs a query on native tables over the rows that the grant reaches. */
export const runQuery = (deps: NativeDeps, grant: TableGrant, query: Query): Promise<Page> =>
  deps.rows.query(mintNativeRead(restrictToGrant(grant, query)));

/** One row by id. Refused when it is not there or out of reach, 412 and 304 by preconditions (4.9). */
export async function retrieve(
  deps: NativeDeps,
  grant: TableGrant,
  { query, id, precondition }: Kind<'retrieve'>,
): Promise<OperationResult> {
  if (precondition !== undefined) {
    const matches = await meetsVersion(deps, grant, query.table, id, precondition);
    if (!matches && precondition.kind === 'match') throw refuse.versionMismatch();
    if (!matches) return { kind: 'notModified' };
  }
  const row = await findRowText(deps, grant, query, id);
  if (row === undefined) throw await unread(deps, grant, query.table, id);
  return { kind: 'row', row };
}

/** The row as text in the shape of `query`; `undefined` when it is not there or out of reach. */
export async function findRowText(
  deps: NativeDeps,
  grant: TableGrant,
  query: Query,
  id: Guid,
): Promise<string | undefined> {
  const page = await runQuery(deps, grant, { ...query, where: and(query.where, hasId(query.table, id)), limit: 1 });
  return page.rows[0];
}

async function meetsVersion(
  deps: NativeDeps,
  grant: TableGrant,
  table: Table,
  id: Guid,
  precondition: Precondition,
): Promise<boolean> {
  const text = await findRowText(
    deps,
    grant,
    { ...plainQuery(table, undefined, [table.primaryKey], 1), etag: true },
    id,
  );
  if (text === undefined) throw await unread(deps, grant, table, id);
  return meetsPrecondition(parseRowEtag(text), precondition);
}

/** Whether a row of this version meets the precondition: `*` is any row, a version is that one. */
export function meetsPrecondition(version: bigint | undefined, { kind, versions }: Precondition): boolean {
  const listed = versions === '*' || (version !== undefined && versions.includes(version));
  return kind === 'match' ? listed : !listed;
}

function parseRowEtag(text: string): bigint | undefined {
  const etag = parseMember(text, '@odata.etag');
  return etag === undefined ? undefined : parseEtag(etag);
}

/** A row's JSON, as the database wrote it. */
export const parseRowMembers = (text: string): Readonly<Record<string, unknown>> =>
  JSON.parse(text) as Readonly<Record<string, unknown>>;

/** A text member of a row's JSON; `undefined` when there is none or it is null. */
function parseMember(text: string, name: string): string | undefined {
  const value = parseRowMembers(text)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Rows on the other side of a navigation property. 404 when the row it starts from is not there. */
export async function retrieveRelated(
  deps: NativeDeps,
  grant: TableGrant,
  { id, navigation, query }: Kind<'retrieveRelated'>,
): Promise<OperationResult> {
  requireNative(navigation.target);
  if (navigation.kind === 'single') return retrieveTarget(deps, grant, navigation, id, query);
  await requireRow(deps, grant, navigation.table, id);
  const page = await runQuery(deps, grant, { ...query, where: and(query.where, belongsTo(navigation, id)) });
  return { kind: 'page', page };
}

async function retrieveTarget(
  deps: NativeDeps,
  grant: TableGrant,
  { table, column }: SingleNavigation,
  id: Guid,
  query: Query,
): Promise<OperationResult> {
  const source = await findRowText(deps, grant, plainQuery(table, undefined, [column], 1), id);
  if (source === undefined) throw await unread(deps, grant, table, id);
  const target = parseGuid(parseMember(source, column.property) ?? '');
  return { kind: 'row', row: target === undefined ? undefined : await findRowText(deps, grant, query, target) };
}

/** Refuses when the row is not there or out of reach (`missing`). */
export async function requireRow(deps: NativeDeps, grant: TableGrant, table: Table, id: Guid): Promise<void> {
  const found = await findRowText(deps, grant, plainQuery(table, undefined, [table.primaryKey], 1), id);
  if (found === undefined) throw await unread(deps, grant, table, id);
}

/** Why a row could not be read: it is not there, or out of reach. */
async function unread(deps: NativeDeps, grant: TableGrant, table: Table, id: Guid): Promise<Refusal> {
  if (ownerColumnOf(table) === undefined) return missing(grant, table, id, 'read', false);
  const page = await deps.rows.query(mintNativeRead(plainQuery(table, hasId(table, id), [table.primaryKey], 1)));
  return missing(grant, table, id, 'read', page.rows.length > 0);
}

function belongsTo(navigation: Exclude<Navigation, SingleNavigation>, id: Guid): Condition {
  switch (navigation.kind) {
    case 'collection':
      return equals(navigation.column, id);
    case 'manyToMany':
      return { kind: 'through', navigation: inverseOf(navigation), where: hasId(navigation.table, id) };
    default:
      return unreachable(navigation);
  }
}

/** The same many-to-many relationship, seen from the target. */
function inverseOf(navigation: ManyToManyNavigation): Navigation {
  for (const other of navigation.target.navigation.values()) {
    if (other.kind === 'manyToMany' && other.ownColumn === navigation.targetColumn) return other;
  }
  throw new Refusal('run', notImplemented(`navigation \`${navigation.name}\``));
}

/** Joined rows, groups and aggregates. */
export async function runFlat(deps: NativeDeps, grant: TableGrant, { query }: Kind<'flat'>): Promise<OperationResult> {
  const page = await deps.rows.flat(mintNativeFlat(restrictFlatToGrant(grant, query)));
  if (page.tooMany) throw refuse.aggregateLimit();
  return { kind: 'flat', page };
}

/** Number of rows that meet a query. */
export async function count(deps: NativeDeps, grant: TableGrant, { query }: Kind<'count'>): Promise<OperationResult> {
  const page = await runQuery(deps, grant, { ...query, countUpTo: query.countUpTo ?? countLimit, limit: 1 });
  return { kind: 'count', count: page.count ?? 0 };
}
