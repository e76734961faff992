import type { Model } from '../metadata/table.ts';
import { type HrLevel, securableField, securableName } from './level.ts';

/** A privilege that every environment has for a protected column, held by no predefined role (human-resources-security 2.3). */
export interface FieldPrivilege {
  readonly identifier: string;
  readonly name: string;
  readonly entity: string;
  readonly field: string;
  readonly levels: readonly HrLevel[];
}

const kinds = [
  { suffix: 'View', levels: ['Read'] },
  { suffix: 'Maintain', levels: ['Read', 'Update', 'Create'] },
] as const;

/** `<EntityName><Field>View` and `...Maintain` of every protected column. */
export const fieldPrivileges = (model: Model): readonly FieldPrivilege[] =>
  model.tables.flatMap((table) =>
    table.columns.flatMap((column) => {
      if (column.protected !== true || table.entityName === undefined) return [];
      const field = column.label.replaceAll(' ', '');
      return kinds.map(({ suffix, levels }) => ({
        identifier: `${table.entityName}${field}${suffix}`,
        name: `${suffix} ${column.label} of ${table.label}`,
        entity: securableName(table),
        field: securableField(column),
        levels,
      }));
    }),
  );
