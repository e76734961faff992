import type { Table } from '../metadata/table.ts';
import { parseJsonBody } from './body.ts';
import { bindFetch } from './fetch/bind-fetch.ts';
import { queryExpressionToFetch } from './fetch/query-expression.ts';
import type { FlatQuery } from './flat-query.ts';
import { type JsonObject, type JsonValue, toPlainObject } from './json.ts';
import { refuse } from './problems.ts';
import type { OperationParts, RequestScope } from './request-scope.ts';
import { parseMoment } from './values.ts';

const subject = 'BulkDelete';
/** Queries in one job. */
const maxQueries = 10;
/** A job that is to start so soon starts now: clocks differ. */
const soonMs = 60_000;

const members: readonly string[] = [
  'QuerySet',
  'JobName',
  'SendEmailNotification',
  'ToRecipients',
  'CCRecipients',
  'RecurrencePattern',
  'StartDateTime',
  'SourceImportId',
  'RunNow',
];

/**
 * `POST BulkDelete` ("Delete data in bulk"): rows that queries find. The real product makes a job of it; here the rows are
 * gone when it is answered, all of them or none. What only a job can do later, or tells by mail, is refused (501).
 */
export function parseBulkDelete(scope: RequestScope): OperationParts {
  for (const option of scope.options.keys()) throw refuse.notSupported(`the query option '${option}' on '${subject}'`);
  const { members: body } = parseJsonBody(scope.body, scope.headers, subject);
  for (const name of body.keys()) {
    if (!members.includes(name) && !name.startsWith('@')) {
      throw refuse.payload(subject, `unexpected member '${name.slice(0, 100)}'.`);
    }
  }
  const jobName = body.get('JobName');
  if (typeof jobName !== 'string' || jobName === '') throw refuse.payload(subject, "'JobName' must be a text.");
  refuseLater(body, scope);
  const queries = queriesOf(body.get('QuerySet')).map((query) => bindQuery(query, scope));
  return {
    operation: { kind: 'message', name: subject, parameters: toPlainObject(body) },
    composite: { kind: 'bulkDelete', queries },
  };
}

function refuseLater(body: JsonObject, { asking }: RequestScope): void {
  const isEmpty = (value: JsonValue | undefined): boolean =>
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
  if (
    body.get('SendEmailNotification') === true ||
    !isEmpty(body.get('ToRecipients')) ||
    !isEmpty(body.get('CCRecipients'))
  ) {
    throw refuse.notSupported(`mail about a job of '${subject}'`);
  }
  if (!isEmpty(body.get('RecurrencePattern'))) throw refuse.notSupported(`a recurring job of '${subject}'`);
  if (!isEmpty(body.get('SourceImportId'))) throw refuse.notSupported(`'SourceImportId' of '${subject}'`);
  const start = body.get('StartDateTime');
  if (isEmpty(start)) return;
  const moment = typeof start === 'string' ? parseMoment(start) : undefined;
  if (moment === undefined) throw refuse.payload(subject, "'StartDateTime' must be a date.");
  if (Date.parse(moment.utc) > asking.now.getTime() + soonMs) {
    throw refuse.notSupported(`a job of '${subject}' that starts later`);
  }
}

function queriesOf(given: JsonValue | undefined): readonly JsonObject[] {
  const list = Array.isArray(given) ? (given as readonly JsonValue[]) : [];
  if (list.length > maxQueries) throw refuse.limit(`queries in '${subject}'`, maxQueries);
  const queries = list.filter((query): query is JsonObject => query instanceof Map);
  if (queries.length > 0 && queries.length === list.length) return queries;
  throw refuse.payload(subject, "'QuerySet' must be a list of QueryExpression.");
}

/** The rows of one query; nothing but their ids is asked for. */
function bindQuery(expression: JsonObject, scope: RequestScope): FlatQuery {
  const { entityName, fetchXml } = queryExpressionToFetch(expression, subject);
  const table = tableOf(entityName, scope);
  const options = new Map([['fetchXml', fetchXml]]);
  return bindFetch(table, { ...scope, options }, scope.model).query;
}

function tableOf(name: string, { model }: RequestScope): Table {
  const table = model.table.get(name);
  if (table !== undefined && model.entitySet.get(table.entitySetName) === table) return table;
  throw refuse.payload(subject, `there is no table '${name.slice(0, 100)}'.`);
}
