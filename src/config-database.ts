import { readFileSync } from 'node:fs';
import { ConfigError, parseChoice, parseOptional, parseWhole, type Source } from './config-values.ts';
import type { Pooler } from './storage/database.ts';
import { addressesOf, findAddressFault } from './storage/sql/postgres/addresses.ts';
import type { ReplicaSettings } from './storage/sql/postgres/replica.ts';

const connectionCount = { from: 1, to: 100, unset: 8, unit: 'connections' } as const;
const readLag = { from: 0, to: 1000, unset: 20, unit: 'milliseconds' } as const;
const statementSeconds = { from: 1, to: 3600, unset: 60, unit: 'seconds' } as const;

/** Where the data is, and how much of the database may be used. @throws ConfigError */
export const parseDatabase = (source: Source) => ({
  databaseUrl: parseOptional(source, 'PORTVAKT_DATABASE_URL', parseDatabaseUrl),
  database: {
    connections: parseWhole(source, 'PORTVAKT_DATABASE_CONNECTIONS', connectionCount),
    statementTimeoutMs: 1000 * parseWhole(source, 'PORTVAKT_DATABASE_TIMEOUT', statementSeconds),
    pooler: parsePooler(source),
    replica: parseReplica(source),
  },
  workers: parseProcesses(source, 'PORTVAKT_WORKERS', 'worker processes'),
  nodes: parseProcesses(source, 'PORTVAKT_NODES', 'nodes'),
});

function parseDatabaseUrl(name: string, value: string): string {
  const fault = findAddressFault(value);
  if (fault !== undefined) throw new ConfigError(name, hidePassword(value), fault);
  const parameters = new URLSearchParams(value.split('?')[1] ?? '');
  for (const file of ['sslrootcert', 'sslcert', 'sslkey']) {
    const path = parameters.get(file);
    if (path !== null && !isReadable(path)) {
      throw new ConfigError(name, hidePassword(value), `${file} must be the path of a file that can be read`);
    }
  }
  return value;
}

function isReadable(path: string): boolean {
  try {
    return readFileSync(path).length > 0;
  } catch {
    return false;
  }
}

function parseReplica(source: Source): ReplicaSettings | undefined {
  const name = 'PORTVAKT_DATABASE_READ_URL';
  const url = parseOptional(source, name, parseDatabaseUrl);
  const longestLagMs = parseWhole(source, 'PORTVAKT_DATABASE_READ_LAG', readLag);
  if (url === undefined) {
    if (!source['PORTVAKT_DATABASE_READ_LAG']) return undefined;
    throw new ConfigError('PORTVAKT_DATABASE_READ_LAG', String(longestLagMs), `only with a replica: set ${name}`);
  }
  const refuse = (why: string) => new ConfigError(name, hidePassword(url), why);
  if (!source['PORTVAKT_DATABASE_URL']) throw refuse('PORTVAKT_DATABASE_URL must name the primary');
  if (addressesOf(url).mustTakeWrites)
    throw refuse('one host, without target_session_attrs: a standby that answers reads');
  return { url, longestLagMs };
}

function parsePooler(source: Source): Pooler | undefined {
  const name = 'PORTVAKT_DATABASE_POOLER_URL';
  const url = parseOptional(source, name, parseDatabaseUrl);
  const namesStatements = parseChoice(source, 'PORTVAKT_DATABASE_STATEMENTS', ['named', 'unnamed']) === 'named';
  if (url !== undefined && !source['PORTVAKT_DATABASE_URL']) {
    throw new ConfigError(name, hidePassword(url), 'PORTVAKT_DATABASE_URL must name the PostgreSQL server itself');
  }
  if (url === undefined && !namesStatements) {
    throw new ConfigError('PORTVAKT_DATABASE_STATEMENTS', 'unnamed', `only with a pooler: set ${name}`);
  }
  return url === undefined ? undefined : { url, namesStatements };
}

const hidePassword = (url: string): string => url.replace(/:[^:@/]*@/, ':***@');

function parseProcesses(source: Source, name: string, unit: string): number {
  const count = parseWhole(source, name, { from: 1, to: 64, unset: 1, unit });
  if (count > 1 && !source['PORTVAKT_DATABASE_URL']) {
    throw new ConfigError(name, String(count), 'more than 1 needs PostgreSQL: set PORTVAKT_DATABASE_URL');
  }
  return count;
}
