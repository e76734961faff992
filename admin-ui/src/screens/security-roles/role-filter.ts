import type { OperatorLanguage } from '../../../../src/admin/contract.ts';
import { searchable } from '../../components/data-list/column.ts';
import type { MessageKey } from '../../i18n/en.ts';
import type { Grants, Privilege, TableRow } from './role-model.ts';
import { labelOf } from './table-label.ts';
import type { RoleEdits } from './use-role-edits.ts';

/** Which rows are shown. */
export const views = ['all', 'assigned', 'unassigned', 'changed', 'different'] as const;
export type View = (typeof views)[number];

export const viewTexts: Readonly<Record<View, MessageKey>> = {
  all: 'role.view.all',
  assigned: 'role.view.assigned',
  unassigned: 'role.view.unassigned',
  changed: 'role.view.changed',
  different: 'role.view.different',
};

/** Does one of the privileges make its row belong to a view? */
export function isInView(privileges: readonly Privilege[], view: View, edits: RoleEdits, template: Grants): boolean {
  const isAssigned = privileges.some(({ id }) => edits.depthOf(id) !== undefined);
  switch (view) {
    case 'all':
      return true;
    case 'assigned':
      return isAssigned;
    case 'unassigned':
      return !isAssigned;
    case 'changed':
      return privileges.some(({ id }) => edits.changes.has(id));
    case 'different':
      return privileges.some(({ id }) => edits.depthOf(id) !== template.get(id));
  }
}

/** By label, logical name or the name of a privilege. */
export function isFound(row: TableRow, search: string, language: OperatorLanguage): boolean {
  const text = [labelOf(row, language), row.logicalName, ...Object.values(row.privileges).map(({ name }) => name)];
  const whole = searchable(text.join('\n'));
  return searchable(search)
    .split(/\s+/)
    .every((word) => whole.includes(word));
}
