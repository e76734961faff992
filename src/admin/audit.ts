import { type AuditPage, type AuditQuery, BadCursor } from '../audit/read-audit.ts';
import type { AuditEntry } from '../kernel/audit.ts';
import { type Guid, parseGuid } from '../kernel/ids.ts';
import type { AdminCall, AdminRoute } from './call.ts';
import { moment } from './members.ts';
import { AdminRefusal } from './problems.ts';

/** Looks through the audit log. @throws BadCursor */
export type AuditReader = (query: AuditQuery) => Promise<AuditPage>;

const defaultCount = 100;
const largestCount = 1000;

const kinds = ['token', 'read', 'change', 'consent', 'keys', 'server', 'gap'] as const;
const outcomes = ['allowed', 'denied', 'failed', 'faulted'] as const;
const orders = ['newest', 'oldest'] as const;
const surfaces = ['token', 'graph', 'finops', 'web-api', 'portvakt', 'server'] as const;

/** Operations on the audit log. */
export const auditRoutes: readonly AdminRoute[] = [
  {
    method: 'GET',
    path: 'audit',
    operationId: 'readAudit',
    summary: 'Entries of the audit log',
    access: 'read',
    isForEnvironment: true,
    options: {
      correlationId: 'The id of a request: of the answer, or the one that the client sent.',
      since: 'From this moment on, such as 2026-03-01T12:00:00Z.',
      until: 'Before this moment.',
      kind: `One of ${kinds.join(', ')}.`,
      outcome: `One of ${outcomes.join(', ')}.`,
      surface: `One of ${surfaces.join(', ')}.`,
      clientId: 'Of this application.',
      tenantId: 'In this tenant.',
      environmentId: 'In this environment.',
      table: 'About this table: its logical name, or the set of the surface.',
      top: `Entries at most: ${defaultCount} unless it is given, ${largestCount} at most.`,
      order: 'newest (default) or oldest first.',
      cursor: 'The `next` of the page before. Repeat the other options.',
    },
    success: { status: 200, schema: 'AuditPage' },
    async run(call) {
      const { entries, cursor } = await read(call, parseQuery(call));
      return { status: 200, body: { value: entries, next: cursor ?? null } };
    },
  },
];

async function read(call: AdminCall, query: AuditQuery): Promise<AuditPage> {
  try {
    return await call.readAudit(query);
  } catch (error) {
    if (error instanceof BadCursor) throw new AdminRefusal('optionInvalid', ['cursor', 'the `next` of a page']);
    throw error;
  }
}

function parseQuery(call: AdminCall): AuditQuery {
  const { query, onlyEnvironment } = call;
  const text = (name: string): string | undefined => query.get(name) ?? undefined;
  const id = parseIdOption<Guid>(call, 'correlationId');
  const [since, until] = [parseMoment(call, 'since'), parseMoment(call, 'until')];
  const environmentId = parseIdOption<NonNullable<AuditEntry['environmentId']>>(call, 'environmentId');
  if (onlyEnvironment !== undefined && environmentId !== undefined && environmentId !== onlyEnvironment) {
    throw new AdminRefusal('environmentNotYours', [environmentId]);
  }
  const matching = {
    kind: parseChoice(call, 'kind', kinds),
    outcome: parseChoice(call, 'outcome', outcomes),
    surface: parseChoice(call, 'surface', surfaces),
    clientId: parseIdOption<NonNullable<AuditEntry['clientId']>>(call, 'clientId'),
    tenantId: parseIdOption<NonNullable<AuditEntry['tenantId']>>(call, 'tenantId'),
    environmentId: onlyEnvironment ?? environmentId,
    table: text('table'),
  };
  return {
    limit: parseCount(call),
    matching: parsePresent(matching),
    ...parsePresent({ id, since, until, cursor: text('cursor') }),
    ...(parseChoice(call, 'order', orders) === 'oldest' && { order: 'oldest' }),
  };
}

/** The members that are there. */
const parsePresent = <T extends object>(members: T) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof T]?: Exclude<T[Name], undefined>;
  };

export function parseIdOption<T extends Guid>({ query }: AdminCall, name: string): T | undefined {
  const sent = query.get(name);
  if (sent === null) return undefined;
  const id = parseGuid<T>(sent);
  if (id === undefined) throw new AdminRefusal('optionInvalid', [name, 'a GUID']);
  return id;
}

function parseChoice<const T extends string>({ query }: AdminCall, name: string, all: readonly T[]): T | undefined {
  const sent = query.get(name);
  if (sent === null) return undefined;
  const found = all.find((each) => each === sent);
  if (found === undefined) throw new AdminRefusal('optionInvalid', [name, `one of ${all.join(', ')}`]);
  return found;
}

/** To the form in which entries hold it. */
export function parseMoment({ query }: AdminCall, name: string): string | undefined {
  const sent = query.get(name);
  if (sent === null) return undefined;
  const time = moment.parse(sent);
  if (time === undefined) throw new AdminRefusal('optionInvalid', [name, moment.says]);
  return time.toISOString();
}

function parseCount({ query }: AdminCall): number {
  const sent = query.get('top');
  if (sent === null) return defaultCount;
  const count = /^\d{1,4}$/.test(sent) ? Number(sent) : 0;
  if (count >= 1 && count <= largestCount) return count;
  throw new AdminRefusal('optionInvalid', ['top', `a number from 1 to ${largestCount}`]);
}
