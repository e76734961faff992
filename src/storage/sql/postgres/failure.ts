import { messageOf } from '../../../kernel/message-of.ts';
import { DuplicateKey } from '../../../odata/row-store.ts';
import { StorageError } from '../../storage-error.ts';
import { primaryKeyName, type TableSchema } from '../schema.ts';
import { describeAddresses } from './addresses.ts';
import { parseServerError } from './binding.ts';

const preparedLost =
  'named prepared statements do not survive the pooler: set its `max_prepared_statements` (PgBouncer 1.21 or later), or PORTVAKT_DATABASE_STATEMENTS=unnamed';

const certificateUnknown =
  'its certificate is signed by no CA that is trusted: name the CA with `sslrootcert` in the URL';

/** SQLSTATE (PostgreSQL, appendix A) or the operating system's code, and what it means for who runs us. */
const environmentFailures: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'no server answers there',
  ECONNRESET: 'the connection was lost',
  EPIPE: 'the connection was lost',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name is unknown',
  ETIMEDOUT: 'it does not answer',
  EHOSTUNREACH: 'it cannot be reached',
  ENOENT: 'no server listens at its socket',
  EACCES: 'its socket cannot be used',
  '08P01': 'the pooler in front of it refuses, or has lost it',
  '26000': preparedLost,
  '42P05': preparedLost,
  '25P03': 'it ended a transaction in which nothing was done',
  NO_WRITABLE_HOST: 'none of its hosts takes writes',
  '25006': 'it is a standby: nothing can be written there',
  SELF_SIGNED_CERT_IN_CHAIN: certificateUnknown,
  DEPTH_ZERO_SELF_SIGNED_CERT: certificateUnknown,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificateUnknown,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificateUnknown,
  CERT_SIGNATURE_FAILURE: certificateUnknown,
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  '28P01': 'it refuses the user or the password',
  '28000': 'it refuses the user or the password',
  '3D000': 'it has no such database',
  '42501': 'the user lacks a permission',
  '53100': 'its disk is full',
  '53300': 'it takes no more connections',
  '57014': 'a statement took too long',
  '57P01': 'it is shutting down',
  '57P02': 'it ended, and starts again',
  '57P03': 'it is starting or shutting down',
};
const uniqueViolation = '23505';
/** Serialization failure and deadlock: the same job may succeed when done again. */
const retried = new Set(['40001', '40P01']);

export const isRetried = (error: unknown): boolean => retried.has(parseServerError(error)?.code ?? '');

/** Also of what `postgresFailure` has put into words. */
export const isPermissionDenied = (error: unknown): boolean =>
  parseServerError(error instanceof StorageError ? error.cause : error)?.code === '42501';

/** Does the error say no more than that an earlier statement of the transaction has failed? */
export const isAftermath = (error: unknown): boolean => parseServerError(error)?.code === '25P02';

/** What the driver threw, in words of the code. */
export function postgresFailure(error: unknown, place: string): unknown {
  const code = parseServerError(error)?.code;
  const known = code === undefined ? brokenConnection(error) : environmentFailures[code];
  return known === undefined ? error : new StorageError(`${place}: ${known} (${messageOf(error)})`, error);
}

/** The driver itself gives no code when a connection ends under it, or none can be had in time. */
function brokenConnection(error: unknown): string | undefined {
  if (/does not support SSL/.test(messageOf(error))) return 'it takes no TLS, which the URL asks for';
  return /^(Connection terminated|timeout e|Client has encountered|Query read timeout|Connection ended)/.test(
    messageOf(error),
  )
    ? 'the connection was lost or could not be made in time'
    : undefined;
}

/** The unique key of `schema` that a statement violated. */
export function postgresDuplicate(error: unknown, schema: TableSchema): DuplicateKey | undefined {
  const found = parseServerError(error);
  if (found?.code !== uniqueViolation) return undefined;
  const { table } = schema;
  if (found.constraint === primaryKeyName(table)) return new DuplicateKey(table, [table.primaryKey]);
  const index = schema.indexes.find(({ name }) => name === found.constraint);
  return index === undefined ? undefined : new DuplicateKey(table, index.key);
}

/** The server and the schema, for messages: never the user or the password. */
export function placeOf(url: string, schema: string): string {
  return `schema \`${schema}\` of the PostgreSQL server ${describeAddresses(url)}`;
}
