import { hrLevels, securableName } from '../../hr/level.ts';
import type { Table } from '../../metadata/table.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { setValue, textOf } from '../row-work.ts';

const states = ['Grant', 'Deny', 'Unset'];

/** Permissions of privileges (2.2, 2.3). They are about data entities that exist, or columns of one. */
export const permissionRules: SetRules = {
  words: {
    SecurableType: ['DataEntity', 'DataEntityField'],
    IntegrationMode: ['All', 'DataServices', 'DataManagement'],
    ...Object.fromEntries(hrLevels.map((level) => [level, states])),
  },
  references: {
    SecurityPrivilegeIdentifier: { set: 'SecurityPrivileges', column: 'SecurityPrivilegeIdentifier' },
  },

  async prepare(work) {
    const name = textOf(work, 'SecurableName').toLowerCase();
    if (name === '') return;
    const table = work.model.tables.find((table) => table.kind === 'virtual' && securableName(table) === name);
    if (table === undefined) work.errors.push(`Field 'SecurableName' names no data entity: '${name}'.`);
    else checkField(work, table);
    setValue(work, 'SecurableName', name);
  },
};

function checkField(work: RowWork, table: Table): void {
  const field = textOf(work, 'SecurableField').toLowerCase();
  setValue(work, 'SecurableField', field);
  if (textOf(work, 'SecurableType').toLowerCase() === 'dataentity') {
    if (field !== '') work.errors.push("Field 'SecurableField' must be empty when 'SecurableType' is DataEntity.");
    return;
  }
  const known = table.columns.some(({ name }) => name.slice(name.indexOf('_') + 1) === field);
  if (!known) work.errors.push(`Field 'SecurableField' names no field of '${securableName(table)}': '${field}'.`);
}
