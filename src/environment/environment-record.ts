import { type EnvironmentId, getGuid, type TenantId } from '../kernel/ids.ts';
import { unreachable } from '../kernel/unreachable.ts';
import { linkModel } from '../metadata/model.ts';
import type { Model, Table, TableDefinition } from '../metadata/table.ts';
import type { Value } from '../odata/query.ts';
import type { Row } from '../odata/row-store.ts';

/**
 * The server's list of environments, in the directory's database. A tenant owns one or more; each has its own database
 * and URL. `isready` is set when the environment was filled: one that is not was interrupted while it was made.
 */
const definition: TableDefinition = {
  logicalName: 'environment',
  schemaName: 'environment',
  entitySetName: 'environments',
  label: 'Environment',
  kind: 'directory',
  objectTypeCode: 0,
  purpose: 'A Dataverse environment with its Human Resources data.',
  primaryKey: 'environmentid',
  primaryName: 'name',
  naturalKey: ['uniquename'],
  columns: [
    { name: 'environmentid', label: 'Environment', type: 'Guid', access: 'read-only', required: true },
    { name: 'tenantid', label: 'Tenant', type: 'Guid', access: 'write-once', required: true },
    { name: 'uniquename', label: 'Unique name', type: 'String', maxLength: 40, access: 'write-once', required: true },
    { name: 'name', label: 'Name', type: 'String', maxLength: 100, access: 'read-write', required: true },
    {
      name: 'url',
      label: 'URL',
      description: 'Origin without a trailing slash that was given; empty where the URL follows from the settings.',
      type: 'String',
      maxLength: 255,
      access: 'read-write',
    },
    {
      name: 'haslocalname',
      label: 'Has a local name',
      description: 'Reached as <unique name>.localhost with the port of the server.',
      type: 'Boolean',
      access: 'read-write',
    },
    {
      name: 'isfrozen',
      label: 'Frozen',
      description: 'Can be read, and nothing in it can be changed.',
      type: 'Boolean',
      access: 'read-write',
    },
    { name: 'isready', label: 'Ready', type: 'Boolean', access: 'read-write', required: true },
  ],
};

/** Where an environment is reached. */
export type EnvironmentPlace =
  /** At the server's own URL (`PORTVAKT_PUBLIC_URL`): the first environment, and no other. */
  | { readonly kind: 'server' }
  /** At `<unique name>.localhost`, with the port of the server, which may be another one on the next start. */
  | { readonly kind: 'localName' }
  /** At an origin that an administrator gave, without a trailing slash. */
  | { readonly kind: 'url'; readonly url: string };

/** One line of the list. */
export interface EnvironmentRecord {
  readonly id: EnvironmentId;
  readonly tenantId: TenantId;
  /** Names its database: a file `environments/<name>.db` or a schema `env_<name>`. */
  readonly uniqueName: string;
  readonly name: string;
  readonly place: EnvironmentPlace;
  readonly isReady: boolean;
  /** Can be read, and nothing in it can be changed. */
  readonly isFrozen: boolean;
}

/** The list's one table, linked; it is stored beside the directory's. */
export const environmentTable: Table = getTable(linkModel([definition], []));

function getTable(model: Model): Table {
  const [table] = model.tables;
  if (table === undefined) throw new TypeError('the environment table is missing');
  return table;
}

/** A stored row as a record. */
export function toEnvironmentRecord(row: Row): EnvironmentRecord {
  const text = (name: string): string | undefined => {
    for (const [column, value] of row.values) if (column.name === name && value !== null) return String(value);
    return undefined;
  };
  return {
    id: getGuid<EnvironmentId>(row.id),
    tenantId: getGuid<TenantId>(text('tenantid') ?? ''),
    uniqueName: text('uniquename') ?? '',
    name: text('name') ?? '',
    place: toPlace(text('url'), text('haslocalname') === 'true'),
    isReady: text('isready') === 'true',
    isFrozen: text('isfrozen') === 'true',
  };
}

function toPlace(url: string | undefined, hasLocalName: boolean): EnvironmentPlace {
  if (hasLocalName) return { kind: 'localName' };
  return url === undefined ? { kind: 'server' } : { kind: 'url', url };
}

/** The columns that say where it is reached. */
export const placeValues = (place: EnvironmentPlace): Readonly<Record<'url' | 'haslocalname', Value>> => ({
  url: place.kind === 'url' ? place.url : null,
  haslocalname: place.kind === 'localName',
});

/** Where the server itself is reached. */
export interface ServerAddress {
  /** Origin without a trailing slash: of the first environment and of the token authority. */
  readonly url: string;
  /** The port that was bound; another one than the URL's behind a proxy. */
  readonly port: number;
}

const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Is the server used from its own machine only? Then names under `.localhost` lead to it as well. */
export const isLocal = ({ url }: ServerAddress): boolean => loopbackHosts.includes(new URL(url).hostname);

/** Origin of an environment, without a trailing slash. */
export function environmentUrl(
  { place, uniqueName }: Pick<EnvironmentRecord, 'place' | 'uniqueName'>,
  server: ServerAddress,
): string {
  switch (place.kind) {
    case 'server':
      return server.url;
    case 'url':
      return place.url;
    case 'localName': {
      const { protocol, port } = new URL(server.url);
      return new URL(`${protocol}//${uniqueName}.localhost:${isLocal(server) ? port : server.port}`).origin;
    }
    default:
      return unreachable(place);
  }
}

/**
 * What `Host` may say for an environment: the name and port of its origin, and the aliases of the server for the one at the
 * server's own URL. A port that is the scheme's own may be written or left out (RFC 9110 section 4.2.3).
 */
export function hostsAt(origin: string, server: ServerAddress): readonly string[] {
  const { protocol, host, port } = new URL(origin);
  const own = port === '' ? [host, `${host}:${protocol === 'https:' ? 443 : 80}`] : [host];
  return host === new URL(server.url).host ? [...own, ...aliasesOf(server)] : own;
}

/** Further hosts of a server on the loopback interface: what people type for `localhost`. */
export function aliasesOf(server: ServerAddress): readonly string[] {
  const { hostname, port } = new URL(server.url);
  if (!isLocal(server)) return [];
  return loopbackHosts.filter((name) => name !== hostname).map((name) => (port === '' ? name : `${name}:${port}`));
}
