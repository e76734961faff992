import { adapterService } from '../../hr/hr-session.ts';
import {
  hrLevels,
  hrRights,
  type SecurableType,
  securableField,
  securableName,
  securableTypes,
} from '../../hr/level.ts';
import { entityActions } from '../../metadata/entity-actions.ts';
import type { Table } from '../../metadata/table.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { setValue, textOf } from '../row-work.ts';

const states = ['Grant', 'Deny', 'Unset'];

/** Permissions of privileges (2.2, 2.3): on data entities, their fields and methods, and service operations that exist. */
export const permissionRules: SetRules = {
  words: {
    SecurableType: securableTypes,
    IntegrationMode: ['All', 'DataServices', 'DataManagement'],
    ...Object.fromEntries(hrRights.map((right) => [right, states])),
  },
  references: {
    SecurityPrivilegeIdentifier: { set: 'SecurityPrivileges', column: 'SecurityPrivilegeIdentifier' },
  },

  async prepare(work) {
    const given = textOf(work, 'SecurableType').trim().toLowerCase();
    const type = securableTypes.find((known) => known.toLowerCase() === given);
    if (type !== undefined && textOf(work, 'SecurableName').trim() !== '') checkSecurable[type](work);
  },
};

/** What each kind of securable object must be, and which rights mean something on it. */
const checkSecurable: Readonly<Record<SecurableType, (work: RowWork) => void>> = {
  DataEntity(work) {
    takeEntity(work);
    mustBeEmpty(work, 'DataEntity');
  },

  DataEntityField(work) {
    const table = takeEntity(work);
    mustBeUnset(work, ['Invoke'], 'DataEntityField');
    const given = textOf(work, 'SecurableField').trim().toLowerCase();
    if (given === '') work.errors.push("Field 'SecurableField' must be filled in.");
    const column = table?.columns.find((each) => securableField(each).toLowerCase() === given);
    if (column !== undefined) setValue(work, 'SecurableField', securableField(column));
    else if (table !== undefined && given !== '') {
      work.errors.push(`Field 'SecurableField' names no field of ${securableName(table)}: '${given}'.`);
    }
  },

  DataEntityMethod(work) {
    const table = takeEntity(work);
    mustBeUnset(work, hrLevels, 'DataEntityMethod');
    const given = textOf(work, 'SecurableField').trim().toLowerCase();
    const methods = entityActions.filter(({ boundTo }) => boundTo === table?.logicalName).map(({ method }) => method);
    const method = methods.find((each) => each.toLowerCase() === given);
    if (method !== undefined) setValue(work, 'SecurableField', method);
    else if (table !== undefined) {
      work.errors.push(`Field 'SecurableField' names no method of ${securableName(table)}: '${given}'.`);
    }
  },

  ServiceOperation(work) {
    const given = textOf(work, 'SecurableName');
    if (given.toLowerCase() === adapterService.toLowerCase()) setValue(work, 'SecurableName', adapterService);
    else work.errors.push(`Field 'SecurableName' names no service operation: '${given}'.`);
    mustBeEmpty(work, 'ServiceOperation');
    mustBeUnset(work, hrLevels, 'ServiceOperation');
  },
};

function takeEntity(work: RowWork): Table | undefined {
  const name = textOf(work, 'SecurableName').toLowerCase();
  const table = findEntity(work, name);
  if (table === undefined) work.errors.push(`Field 'SecurableName' names no data entity: '${name}'.`);
  setValue(work, 'SecurableName', name);
  return table;
}

/** The table behind a data entity, by its securable name in whatever case. */
export const findEntity = ({ model }: RowWork, name: string): Table | undefined =>
  model.tables.find((table) => table.kind === 'virtual' && securableName(table) === name.trim().toLowerCase());

function mustBeEmpty(work: RowWork, type: SecurableType): void {
  if (textOf(work, 'SecurableField') === '') return;
  work.errors.push(`Field 'SecurableField' must be empty when 'SecurableType' is ${type}.`);
}

/** A right that nothing heeds must not be stored as if it were. */
function mustBeUnset(work: RowWork, rights: readonly string[], type: SecurableType): void {
  for (const right of rights) {
    if (['', 'unset'].includes(textOf(work, right).toLowerCase())) continue;
    work.errors.push(`Field '${right}' must be Unset when 'SecurableType' is ${type}.`);
  }
}
