import type { EntityLevel } from '../metadata/entity-permissions.ts';
import type { Column, Table } from '../metadata/table.ts';

/** Access levels of Human Resources on a data entity, weakest first (human-resources-security 2.2). */
export const hrLevels = ['Read', 'Update', 'Create', 'Correct', 'Delete'] as const satisfies readonly EntityLevel[];

export type HrLevel = EntityLevel;

/** What a permission speaks about: the levels, and `Invoke` for actions and service operations, which is none of them. */
export const hrRights = [...hrLevels, 'Invoke'] as const;

export type HrRight = (typeof hrRights)[number];

/** What a permission says about one level. `Unset` says nothing: another role may still grant it. */
export type GrantState = 'Grant' | 'Deny' | 'Unset';

const withoutPrefix = (name: string): string => name.slice(name.indexOf('_') + 1);

/** Name of a table as a securable object of Human Resources: its logical name without the publisher's prefix. */
export const securableName = (table: Table): string => withoutPrefix(table.logicalName);

/** Name of a column as a securable object of its table, without the publisher's prefix. */
export const securableField = (column: Column): string => withoutPrefix(column.name);

/** Kinds of securable objects that permissions may be about (human-resources-security 2.1). */
export const securableTypes = ['DataEntity', 'DataEntityField', 'DataEntityMethod', 'ServiceOperation'] as const;

export type SecurableType = (typeof securableTypes)[number];

/** Key of a securable object among all of them; case does not matter. `field` is empty but for fields and methods. */
export const securableKey = (type: SecurableType, name: string, field = ''): string =>
  `${type} ${name} ${field}`.toLowerCase();
