import { type Problem, Refusal } from '../kernel/refusal.ts';
import type { Unavailability } from '../kernel/unavailable.ts';
import type { Table } from '../metadata/table.ts';

/**
 * Refusals of `/data/` in the dialect of finance and operations (human-resources-security 3.2 and 6.2): no error codes;
 * what went wrong with a row stands in the inner error, after `Infolog:`.
 */
const refusal = (stage: 'authenticate' | 'user' | 'parse' | 'run', status: number, message: string, reason?: string) =>
  new Refusal(stage, { status, code: '', message }, reason);

const unavailabilities = {
  auditUnavailable: { status: 503, message: 'The audit log cannot be written. Try again later.' },
  dataUnavailable: { status: 503, message: 'The database cannot be used now. Try again later.' },
  outcomeUnknown: {
    status: 500,
    message: 'The request may have been carried out. Look whether it was before you send it again.',
  },
} as const satisfies Record<Unavailability, Omit<Problem, 'code'>>;

export const finopsRefuse = {
  /** The client id is not in the applications form: for this surface the caller is nobody. */
  unauthorized: (reason: string): Refusal =>
    new Refusal('authenticate', { status: 401, code: '', message: 'Unauthorized' }, reason, {
      'WWW-Authenticate': 'Bearer',
    }),

  forbidden: (reason: string): Refusal => refusal('user', 403, 'Forbidden', reason),

  noResource: (url: string): Refusal =>
    refusal('parse', 404, `No HTTP resource was found that matches the request URI '${url.slice(0, 300)}'.`),

  /** Storage cannot be used now. */
  unavailable: (why: Unavailability, reason: string): Refusal => {
    const { status, message } = unavailabilities[why];
    return refusal('run', status, message, reason);
  },

  rowNotFound: (table: Table): Refusal =>
    refusal('run', 404, `No row of type '${table.schemaName}' has the key that was given.`),

  badRequest: (message: string): Refusal => refusal('parse', 400, message),

  notImplemented: (what: string): Refusal =>
    refusal('parse', 501, `${what} is not implemented in this version of Portvakt`),

  /** Names of properties that the type does not have; the real product says no more than this. */
  unknownProperty: (table: Table, name: string): Refusal =>
    refusal(
      'parse',
      400,
      'Exception has been thrown by the target of an invocation.',
      `type ${table.schemaName} has no property ${name.slice(0, 100)}`,
    ),

  versionMismatch: (table: Table): Refusal =>
    refusal(
      'run',
      412,
      `Cannot edit a record in ${table.label} (${table.schemaName}). An update conflict occurred due to another user process deleting the record or changing one or more fields in the record.`,
    ),

  writeFailed: (table: Table, errors: readonly string[]): Refusal => rowRefusal('Write', table, errors),

  deleteFailed: (table: Table, errors: readonly string[]): Refusal => rowRefusal('Delete', table, errors),
} as const;

function rowRefusal(verb: 'Write' | 'Delete', table: Table, errors: readonly string[]): Refusal {
  const infolog = errors.map((error) => `Error: ${error}`).join('; ');
  return refusal('run', 400, `${verb} failed for table row of type '${table.schemaName}'. Infolog: ${infolog}`);
}

/** Body of an error. The stack trace that the product sends is always empty here. */
export function errorBody({ problem }: Refusal): string {
  if (problem.status !== 400) return JSON.stringify({ error: { code: '', message: problem.message } });
  const innererror = { message: problem.message, type: 'System.InvalidOperationException', stacktrace: '' };
  return JSON.stringify({ error: { code: '', message: 'An error has occurred.', innererror } });
}
