import { findOwnerTable } from '../dataverse/owner-column.ts';
import type { HttpResponse } from '../kernel/http.ts';
import { newRequestId } from '../kernel/ids.ts';
import type { Refusal } from '../kernel/refusal.ts';
import { unreachable } from '../kernel/unreachable.ts';
import type { Table } from '../metadata/table.ts';
import type { AnswerShape } from '../odata/answer-shape.ts';
import type { Differences } from '../odata/fidelity.ts';
import type { Operation } from '../odata/operation.ts';
import type { ParsedRequest } from '../odata/parse-operation.ts';
import { refuse } from '../odata/problems.ts';
import type { Query } from '../odata/query.ts';
import type { OperationResult } from '../odata/result.ts';
import type { FlatPage, Page } from '../odata/row-store.ts';
import { encodeSkipToken } from '../odata/skip-token.ts';
import type { ApiAddress } from './address.ts';
import { type RowFormat, rewriteRow, rewritesRows } from './annotations.ts';
import { errorBody } from './errors.ts';
import { fetchPaging } from './fetch-paging.ts';
import { flatRowText } from './flat-annotations.ts';
import { addressOf, columnText, plainText, referenceText } from './render-parts.ts';
import type { WebApiEnvironment } from './web-api-environment.ts';

/** What rendering needs to know beside the result. */
export interface RenderContext {
  readonly environment: WebApiEnvironment;
  readonly address: ApiAddress;
  readonly parsed: ParsedRequest;
  /** The operation as the gates let it through: expands that were only for display may be gone. */
  readonly operation: Operation;
  readonly differences: Differences;
}

export const jsonType = 'application/json; odata.metadata=minimal';

/** Names what an answer could only be because of Portvakt (docs/differs.md). */
export const differsHeader = 'Portvakt-Differs';

/** Headers of every answer of the Web API (dataverse-web-api 4.4). */
export function baseHeaders(differences?: Differences): Record<string, string> {
  const id = newRequestId();
  const headers: Record<string, string> = { 'OData-Version': '4.0', REQ_ID: id, 'x-ms-service-request-id': id };
  const differs = differences?.header;
  if (differs !== undefined) headers[differsHeader] = differs;
  return headers;
}

/** A refusal as an answer: status, OData error body, the refusal's own headers. */
export function renderRefusal(refusal: Refusal): HttpResponse {
  const headers = { ...baseHeaders(), 'Content-Type': jsonType, ...refusal.headers };
  return { status: refusal.problem.status, headers, body: errorBody(refusal.problem) };
}

/** The result of an operation as an answer. */
export function renderResult(context: RenderContext, result: OperationResult): HttpResponse {
  switch (result.kind) {
    case 'page':
      return renderRows(context, result.page);
    case 'flat':
      return renderFlat(context, result.page);
    case 'row':
      return result.row === undefined ? noContent(context) : renderRead(context, result.row);
    case 'created':
      return result.row === undefined ? renderEntityId(context, result.id) : renderRow(context, 201, result.row);
    case 'updated':
      return result.row === undefined ? renderEntityId(context, result.id) : renderRow(context, 200, result.row);
    case 'count':
      return renderCount(context, result.count);
    case 'notModified':
      return renderNotModified(context);
    case 'done':
      return noContent(context);
    case 'message':
      return renderMessage(context, result.responseType, result.members);
    default:
      return unreachable(result);
  }
}

function headersOf(context: RenderContext, contentType: string = typeOf(context)): Record<string, string> {
  const headers = baseHeaders(context.differences);
  headers['Content-Type'] = contentType;
  const applied = context.parsed.preferences.applied;
  if (applied.length > 0) headers['Preference-Applied'] = applied.join(', ');
  return headers;
}

function typeOf({ parsed }: RenderContext): string {
  const { metadata, numbersAsText } = parsed.format;
  const type = metadata === 'minimal' ? jsonType : `application/json; odata.metadata=${metadata}`;
  return numbersAsText ? `${type}; IEEE754Compatible=true` : type;
}

/** `"@odata.context":…,` as the first member of a body; `odata.metadata=none` has none. */
const contextMember = ({ parsed }: RenderContext, url: string): string =>
  parsed.format.metadata === 'none' ? '' : `"@odata.context":${quoted(url)},`;

/** As JSON text. Service roots, names and lists of columns hold nothing that is escaped; if they do, it is done. */
const quoted = (text: string): string => (plainUrl.test(text) ? `"${text}"` : JSON.stringify(text));
const plainUrl = /^[\w:/.$#(),@ -]*$/;

const noContent = (context: RenderContext): HttpResponse => ({
  status: 204,
  headers: baseHeaders(context.differences),
  body: '',
});

/** Table, and the query that shaped the rows, of an operation that answers with rows. */
function shapeOf(operation: Operation): Query | undefined {
  switch (operation.kind) {
    case 'retrieve':
    case 'retrieveMultiple':
    case 'retrieveRelated':
    case 'count':
      return operation.query;
    case 'create':
    case 'update':
      return operation.representation;
    default:
      return undefined;
  }
}

/** Rows of a collection, or what of them was asked for. */
function renderRows(context: RenderContext, page: Page): HttpResponse {
  const { answer } = context.parsed;
  switch (answer.kind) {
    case 'rows':
    case 'references':
      return renderPage(context, page);
    case 'count':
      return renderCount(context, page.count ?? 0);
    case 'member': {
      const [row] = page.rows;
      if (row === undefined) throw refuse.rowNotFound(getShape(context).table, answer.id);
      return renderRow(context, 200, row);
    }
    case 'property':
    case 'flat':
      throw new TypeError(`a collection is not answered as ${answer.kind}`);
    default:
      return unreachable(answer);
  }
}

/** A row, or what of it was asked for. */
function renderRead(context: RenderContext, row: string): HttpResponse {
  const { answer } = context.parsed;
  if (answer.kind === 'property') return renderProperty(context, answer, row);
  if (answer.kind !== 'references') return renderRow(context, 200, row);
  const member = contextMember(context, `${context.address.apiRoot}$metadata#$ref`);
  const reference = referenceText(context.address.apiRoot, getShape(context).table, row);
  return { status: 200, headers: headersOf(context), body: `{${member}${reference.slice(1)}` };
}

/** `set(id)/property` (OData 4.01 section 11.2.4): without a value there is no content. */
function renderProperty(
  context: RenderContext,
  { column, raw }: Extract<AnswerShape, { kind: 'property' }>,
  row: string,
): HttpResponse {
  const text = columnText(row, column);
  if (text === undefined) return noContent(context);
  if (raw) return { status: 200, headers: headersOf(context, 'text/plain; charset=utf-8'), body: plainText(text) };
  const url = `${context.address.apiRoot}$metadata#${addressOf(context.operation)}/${column.property}`;
  const body = `{${contextMember(context, url)}"value":${text}}`;
  return { status: 200, headers: headersOf(context), body };
}

const renderCount = (context: RenderContext, count: number): HttpResponse => ({
  status: 200,
  headers: headersOf(context, 'text/plain'),
  body: String(count),
});

function renderPage(context: RenderContext, page: Page): HttpResponse {
  const query = getShape(context);
  const isReferences = context.parsed.answer.kind === 'references';
  const member = isReferences
    ? contextMember(context, `${context.address.apiRoot}$metadata#Collection($ref)`)
    : rowsContext(context, query.table, '');
  const parts = [`{${member}`];
  if (page.count !== undefined) parts.push(`"@odata.count":${page.count},`);
  const rows = isReferences
    ? page.rows.map((row) => referenceText(context.address.apiRoot, query.table, row)).join(',')
    : rowTexts(context, query, page.rows);
  parts.push(totals(context, page.count, query.countUpTo), `"value":[${rows}]`);
  if (page.next !== undefined && context.parsed.paged) {
    const link = nextLink(context.address, encodeSkipToken(context.parsed.pageNumber + 1, page.next));
    parts.push(`,"@odata.nextLink":${JSON.stringify(link)}`);
  }
  parts.push('}');
  return { status: 200, headers: headersOf(context), body: parts.join('') };
}

/** Joined rows and groups. */
function renderFlat(context: RenderContext, page: FlatPage): HttpResponse {
  const { operation, parsed, address, differences } = context;
  if (operation.kind !== 'flat') throw new TypeError(`${operation.kind} gives no joined rows`);
  const { query } = operation;
  const { preferences } = parsed;
  const format = { ...rowFormat(context), unsetTextAsEmpty: differences.fidelity === 'strict' };
  const parts = [`{${rowsContext(context, query.table, '')}`];
  if (page.count !== undefined) parts.push(`"@odata.count":${page.count},`);
  parts.push(totals(context, page.count, query.countUpTo));
  if (parsed.answer.kind === 'flat' && parsed.answer.paging === 'cookie') {
    parts.push(fetchPaging(preferences.wantsAnnotation, page, parsed.pageNumber, query));
  }
  parts.push(`"value":[${page.rows.map((row) => flatRowText(format, query, row)).join(',')}]`);
  if (page.next !== undefined && parsed.paged) {
    const link = nextLink(address, encodeSkipToken(parsed.pageNumber + 1, page.next));
    parts.push(`,"@odata.nextLink":${JSON.stringify(link)}`);
  }
  parts.push('}');
  return { status: 200, headers: headersOf(context), body: parts.join('') };
}

function rowFormat({ environment, address: { apiRoot }, parsed }: RenderContext): RowFormat {
  const { preferences, format: answer } = parsed;
  return {
    model: environment.model,
    apiRoot,
    wants: preferences.wantsAnnotation,
    answer,
    ownerTable: (id) => findOwnerTable(environment.dataverse.current, id),
  };
}

function rowTexts(context: RenderContext, query: Query, rows: readonly string[]): string {
  const format = rowFormat(context);
  return rewritesRows(format, query) ? rows.map((row) => rewriteRow(format, query, row)).join(',') : rows.join(',');
}

/** Annotations on the collection that clients get when they ask for all of them (dataverse-web-api 4.7). */
function totals(context: RenderContext, counted: number | undefined, countUpTo: number | undefined): string {
  const wants = context.parsed.preferences.wantsAnnotation;
  const name = 'Microsoft.Dynamics.CRM.totalrecordcount';
  const capped = counted !== undefined && countUpTo !== undefined && counted >= countUpTo;
  const count = wants(name) ? `"@${name}":${counted ?? -1},` : '';
  return wants(`${name}limitexceeded`) ? `${count}"@${name}limitexceeded":${capped},` : count;
}

function renderRow(context: RenderContext, status: number, row: string): HttpResponse {
  const query = getShape(context);
  const text = rowTexts(context, query, [row]);
  const headers = headersOf(context);
  const etag = etagOf(row);
  if (etag !== undefined) headers['ETag'] = etag;
  return { status, headers, body: `{${rowsContext(context, query.table, '/$entity')}${text.slice(1)}` };
}

function getShape(context: RenderContext): Query {
  const query = shapeOf(context.operation);
  if (query === undefined) throw new TypeError(`${context.operation.kind} has no rows to render`);
  return query;
}

const etagStart = '{"@odata.etag":"W/\\"';

/** The row's ETag; the database writes it first (`Query.etag`). */
function etagOf(row: string): string | undefined {
  if (!row.startsWith(etagStart)) return undefined;
  return `W/"${row.slice(etagStart.length, row.indexOf('\\', etagStart.length))}"`;
}

/** RFC 9110 section 15.4.5: with the ETag that the answer with the row would have had. */
function renderNotModified({ operation, differences }: RenderContext): HttpResponse {
  const headers = baseHeaders(differences);
  const versions = operation.kind === 'retrieve' ? operation.precondition?.versions : undefined;
  if (versions !== undefined && versions !== '*' && versions.length === 1) headers['ETag'] = `W/"${versions[0]}"`;
  return { status: 304, headers, body: '' };
}

function renderEntityId(context: RenderContext, id: string): HttpResponse {
  const operation = context.operation;
  if (operation.kind !== 'create' && operation.kind !== 'update') throw new TypeError('no row was written');
  // A property that was set by itself is answered without the row's address (4.9).
  if (context.parsed.answer.kind === 'property') return noContent(context);
  const headers = baseHeaders(context.differences);
  const path = context.parsed.entityPath ?? `${operation.table.entitySetName}(${id})`;
  headers['OData-EntityId'] = `${context.address.apiRoot}${path}`;
  return { status: 204, headers, body: '' };
}

function renderMessage(context: RenderContext, type: string, members: Readonly<Record<string, unknown>>): HttpResponse {
  const url = `${context.address.apiRoot}$metadata#Microsoft.Dynamics.CRM.${type}`;
  return { status: 200, headers: headersOf(context), body: JSON.stringify({ '@odata.context': url, ...members }) };
}

function contextUrl(apiRoot: string, table: Table, select: string): string {
  return `${apiRoot}$metadata#${table.entitySetName}${select === '' ? '' : `(${select})`}`;
}

/** What a context was made of. */
interface KnownContext {
  readonly apiRoot: string;
  readonly table: Table;
  readonly select: string;
  readonly end: string;
  readonly member: string;
}

/** By what requests that are remembered share. */
const knownContexts = new WeakMap<object, KnownContext>();

/** `contextMember` of the rows of a table, or of one of them. */
function rowsContext(context: RenderContext, table: Table, end: '' | '/$entity'): string {
  const { parsed, address } = context;
  const { contextSelect: select, format } = parsed;
  const { apiRoot } = address;
  const known = knownContexts.get(format);
  if (known?.table === table && known.end === end && known.select === select && known.apiRoot === apiRoot) {
    return known.member;
  }
  const member = contextMember(context, `${contextUrl(apiRoot, table, select)}${end}`);
  knownContexts.set(format, { apiRoot, table, select, end, member });
  return member;
}

/** The same request with the place to go on from; the origin and version stay the client's own (dataverse-web-api 4.10). */
function nextLink(address: ApiAddress, skipToken: string): string {
  const options = address.query.split('&').filter((option) => option !== '' && !/^(\$|%24)skiptoken=/i.test(option));
  return `${address.apiRoot}${address.path}?${[...options, `$skiptoken=${skipToken}`].join('&')}`;
}
