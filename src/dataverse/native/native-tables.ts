import type { Table } from '../../metadata/table.ts';
import type { NativeTable } from './native-table.ts';
import { businessUnitRules } from './rules/business-unit.ts';
import { fieldPermissionRules, fieldSecurityProfileRules } from './rules/column-security.ts';
import { companyRules } from './rules/company.ts';
import { customTableRules } from './rules/custom-table.ts';
import { roleRules } from './rules/role.ts';
import { systemUserRules } from './rules/system-user.ts';
import { teamRules } from './rules/team.ts';

/** Tables whose rows callers may write. One that is added is a file in `rules/` and a line here. */
const written: readonly NativeTable[] = [
  systemUserRules,
  roleRules,
  businessUnitRules,
  teamRules,
  companyRules,
  fieldSecurityProfileRules,
  fieldPermissionRules,
];

const byName = new Map(written.map((rules) => [rules.logicalName, rules]));

/** Rules of a native table; one that is not listed can only be read (organization, privilege, roletemplate). */
export const getNativeTable = (table: Table): NativeTable =>
  byName.get(table.logicalName) ??
  (table.custom === true ? customTableRules(table) : { logicalName: table.logicalName });
