import type { EntityLevel } from '../metadata/entity-permissions.ts';
import type { Table } from '../metadata/table.ts';

/** Access levels of Human Resources on a data entity, weakest first (human-resources-security 2.2). */
export const hrLevels = ['Read', 'Update', 'Create', 'Correct', 'Delete'] as const satisfies readonly EntityLevel[];

export type HrLevel = EntityLevel;

/** What a permission says about one level. `Unset` says nothing: another role may still grant it. */
export type GrantState = 'Grant' | 'Deny' | 'Unset';

/** Name of a table as a securable object of Human Resources: its logical name without the publisher's prefix. */
export const securableName = (table: Table): string => table.logicalName.slice(table.logicalName.indexOf('_') + 1);
