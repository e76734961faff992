import { hrLevels, securableName } from '../../hr/level.ts';
import { finopsRefuse } from '../finops-problems.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { setValue, textOf } from '../row-work.ts';

const states = ['Grant', 'Deny', 'Unset'];

/** Permissions of privileges (2.2, 2.3), on data entities that exist. Those on their fields are refused until something heeds them. */
export const permissionRules: SetRules = {
  words: {
    SecurableType: ['DataEntity'],
    IntegrationMode: ['All', 'DataServices', 'DataManagement'],
    ...Object.fromEntries(hrLevels.map((level) => [level, states])),
  },
  references: {
    SecurityPrivilegeIdentifier: { set: 'SecurityPrivileges', column: 'SecurityPrivilegeIdentifier' },
  },

  async prepare(work) {
    if (textOf(work, 'SecurableType').trim().toLowerCase() === 'dataentityfield') {
      // Stored but not heeded, a Deny would be silently void.
      throw finopsRefuse.notImplemented("a permission of SecurableType 'DataEntityField'");
    }
    const name = textOf(work, 'SecurableName').toLowerCase();
    if (name === '') return;
    const table = work.model.tables.find((table) => table.kind === 'virtual' && securableName(table) === name);
    if (table === undefined) work.errors.push(`Field 'SecurableName' names no data entity: '${name}'.`);
    checkField(work);
    setValue(work, 'SecurableName', name);
  },
};

function checkField(work: RowWork): void {
  if (textOf(work, 'SecurableField') === '') return;
  work.errors.push("Field 'SecurableField' must be empty when 'SecurableType' is DataEntity.");
}
