import type { Row } from '../odata/row-store.ts';
import { type ConstrainedEntity, type HrPolicy, policyContexts, policyOperations } from './hr-policy.ts';
import { groupBy, type HrRows, rowReader } from './hr-rows.ts';

/** The policies that are enabled. Words were checked when they were written; an unknown one means the most. */
export function buildPolicies(rows: HrRows): readonly HrPolicy[] {
  const constrained = groupBy(rows('SecurityPolicyConstrainedEntities'), 'SecurityPolicyIdentifier');
  return rows('SecurityPolicies').flatMap((row): HrPolicy[] => {
    const read = rowReader(row);
    if (read('Enabled') !== 'true') return [];
    const identifier = read('SecurityPolicyIdentifier');
    return [
      {
        identifier,
        operation: wordOf(policyOperations, read('Operation')) ?? 'AllOperations',
        context:
          policyContexts.find((known) => known.toLowerCase() === read('ContextType').toLowerCase()) ?? 'RoleName',
        contextString: read('ContextString').toLowerCase(),
        primary: read('PrimaryEntityName').toLowerCase(),
        query: read('PolicyQuery'),
        constrained: (constrained.get(identifier.toLowerCase()) ?? []).map(buildConstrained),
      },
    ];
  });
}

function buildConstrained(row: Row): ConstrainedEntity {
  const read = rowReader(row);
  return { entity: read('SecurableName').toLowerCase(), path: read('RelationPath') };
}

const wordOf = <Word extends string>(words: Readonly<Record<Word, unknown>>, text: string): Word | undefined =>
  Object.keys(words).find((word): word is Word => word.toLowerCase() === text.toLowerCase());
