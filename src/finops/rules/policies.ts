import { constrain, policyContexts, policyOperations } from '../../hr/hr-policy.ts';
import { columnOf } from '../../hr/hr-rows.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { Table } from '../../metadata/table.ts';
import type { Row } from '../../odata/row-store.ts';
import type { RowWork, SetRules } from '../row-rules.ts';
import { findRows, setValue, textOf } from '../row-work.ts';
import { findEntity } from './permissions.ts';

const constrainedSet = 'SecurityPolicyConstrainedEntities';

/** Record-level policies (2.6). A query or a way that means nothing is refused here, for in force it would hide every row. */
export const policyRules: SetRules = {
  words: { Operation: Object.keys(policyOperations), ContextType: policyContexts },
  owns: [{ set: constrainedSet, by: { SecurityPolicyIdentifier: 'SecurityPolicyIdentifier' } }],

  async prepare(work) {
    await checkContext(work);
    const name = textOf(work, 'PrimaryEntityName');
    const primary = findEntity(work, name);
    if (name !== '' && primary === undefined) {
      work.errors.push(`Field 'PrimaryEntityName' names no data entity: '${name}'.`);
    }
    setValue(work, 'PrimaryEntityName', name.trim().toLowerCase());
    if (primary === undefined) return;
    checkWay(work, 'PolicyQuery', primary, '');
    if (work.before === undefined || work.errors.length > 0) return;
    const identifier = textOf(work, 'SecurityPolicyIdentifier');
    for (const row of await findRows(work, constrainedSet, { SecurityPolicyIdentifier: identifier }, 1000)) {
      const read = readerOf(work, constrainedSet, row);
      const table = findEntity(work, read('SecurableName'));
      if (table !== undefined) checkWay(work, 'PrimaryEntityName', table, read('RelationPath'));
    }
  },
};

/** A policy for a role that is not there would hold nobody. */
async function checkContext(work: RowWork): Promise<void> {
  const context = textOf(work, 'ContextString');
  if (context === '' || textOf(work, 'ContextType').toLowerCase() === 'roleproperty') return;
  if ((await findRows(work, 'SecurityRoles', { SecurityRoleIdentifier: context })).length > 0) return;
  work.errors.push(`Field 'ContextString' names no security role: '${context}'.`);
}

/** Data entities that a policy constrains, and the way from them to its primary one. */
export const constrainedEntityRules: SetRules = {
  references: {
    SecurityPolicyIdentifier: { set: 'SecurityPolicies', column: 'SecurityPolicyIdentifier' },
  },

  async prepare(work) {
    const name = textOf(work, 'SecurableName');
    const table = findEntity(work, name);
    if (name !== '' && table === undefined) work.errors.push(`Field 'SecurableName' names no data entity: '${name}'.`);
    setValue(work, 'SecurableName', name.trim().toLowerCase());
    const identifier = textOf(work, 'SecurityPolicyIdentifier');
    const [policy] = await findRows(work, 'SecurityPolicies', { SecurityPolicyIdentifier: identifier });
    if (policy === undefined || table === undefined) return;
    const read = readerOf(work, 'SecurityPolicies', policy);
    checkWay(work, 'RelationPath', table, textOf(work, 'RelationPath'), read);
  },
};

type Read = (name: string) => string;

function readerOf({ model }: RowWork, set: string, row: Row): Read {
  const table = model.administrationSet.get(set);
  return (name) => (table === undefined ? '' : String(row.values.get(columnOf(table, name)) ?? ''));
}

/** What is wrong with a policy's query on the rows that a way leads to, as an error of the field `name`. */
function checkWay(
  work: RowWork,
  name: string,
  table: Table,
  path: string,
  read: Read = (of) => textOf(work, of),
): void {
  const policy = { primary: read('PrimaryEntityName').trim().toLowerCase(), query: read('PolicyQuery') };
  try {
    constrain(policy, table, path);
  } catch (error) {
    if (!(error instanceof Refusal || error instanceof RangeError)) throw error;
    work.errors.push(`Field '${name}' is not valid: ${error.message}`);
  }
}
