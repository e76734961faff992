import { type AccessRight, tablePrivileges } from '../metadata/privileges.ts';
import type { Model } from '../metadata/table.ts';

/** What every integration reads besides its data: definitions of tables and choices, and who it is itself. */
const commonPrivileges = [
  'prvReadEntity',
  'prvReadAttribute',
  'prvReadRelationship',
  'prvReadOptionSet',
  'prvReadUser',
  'prvReadRole',
  'prvReadBusinessUnit',
] as const;

const sixRights: readonly AccessRight[] = ['create', 'read', 'write', 'delete', 'append', 'appendTo'];

/**
 * Names of the privileges of the demo ATS's security role: all six rights on exactly the source document's forty tables.
 * A table outside recruiting is not among them; that the second gate refuses it shows once the role allows it.
 */
export const integrationPrivileges = (model: Model): readonly string[] => [
  ...fortyTables(model, sixRights),
  ...commonPrivileges,
];

/** Names of the privileges of a role that only reads the forty tables. */
export const readerPrivileges = (model: Model): readonly string[] => [
  ...fortyTables(model, ['read']),
  ...commonPrivileges,
];

const fortyTables = (model: Model, rights: readonly AccessRight[]): readonly string[] =>
  tablePrivileges(model)
    .filter(({ table, accessRight }) => table.sourceDocumentOrder !== undefined && rights.includes(accessRight))
    .map(({ name }) => name);
