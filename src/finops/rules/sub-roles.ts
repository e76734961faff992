import { rolesInside } from '../../hr/build-roles.ts';
import { administrationTable, groupBy } from '../../hr/hr-rows.ts';
import type { SetRules } from '../row-rules.ts';
import { allRows, textOf } from '../row-work.ts';

const role = { set: 'SecurityRoles', column: 'SecurityRoleIdentifier' };

/** Roles inside roles (2.1). A role cannot be inside itself, whatever is between. */
export const subRoleRules: SetRules = {
  references: { SecurityRoleIdentifier: role, SubRoleIdentifier: role },

  async prepare(work) {
    const parent = textOf(work, 'SecurityRoleIdentifier').toLowerCase();
    const child = textOf(work, 'SubRoleIdentifier').toLowerCase();
    if (parent === '' || child === '') return;
    const rows = await allRows(work, administrationTable(work.model, 'SecurityRoleSubRoles'));
    const inside = rolesInside(child, groupBy(rows, 'SecurityRoleIdentifier'));
    if (parent === child || inside.includes(parent)) {
      work.errors.push(`Role '${textOf(work, 'SubRoleIdentifier')}' cannot be inside itself.`);
    }
  },
};
