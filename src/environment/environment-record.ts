import { type EnvironmentId, getGuid, type TenantId } from '../kernel/ids.ts';
import { linkModel } from '../metadata/model.ts';
import type { Model, Table, TableDefinition } from '../metadata/table.ts';
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
      description: 'Origin without a trailing slash; empty for the first environment, whose URL is a setting.',
      type: 'String',
      maxLength: 255,
      access: 'read-write',
    },
    { name: 'isready', label: 'Ready', type: 'Boolean', access: 'read-write', required: true },
  ],
};

/** One line of the list. */
export interface EnvironmentRecord {
  readonly id: EnvironmentId;
  readonly tenantId: TenantId;
  /** Names its database: a file `environments/<name>.db` or a schema `env_<name>`. */
  readonly uniqueName: string;
  readonly name: string;
  readonly url: string | undefined;
  readonly isReady: boolean;
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
    url: text('url'),
    isReady: text('isready') === 'true',
  };
}
