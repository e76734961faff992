import { accessPaths } from '../../hr/explain.ts';
import { hrLevels } from '../../hr/level.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import { and, equals } from '../../odata/query.ts';
import type { Fix } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { onData } from './operations.ts';

const levelOfKind = { read: 'Read', create: 'Create', update: 'Update', delete: 'Delete' } as const;

/** Lets the role that grants the access hold in one more legal entity: the one that was named, or those that have rows. */
export async function legalEntityFixes(facts: Facts, { data = {} }: RefusalCause): Promise<readonly Fix[]> {
  const { view, hrUser } = facts;
  const table = view.model.table.get(data['table'] ?? '');
  const kind = (['read', 'create', 'update', 'delete'] as const).find((each) => each === data['kind']);
  const level = hrLevels.find((each) => each === data['level']) ?? levelOfKind[kind ?? 'read'];
  if (hrUser === undefined || table?.company === undefined) return [];
  const roles = [
    ...new Set(
      accessPaths(hrUser, table, level)
        .filter(({ state, companies }) => state === 'Grant' && companies !== 'all')
        .map(({ role }) => role),
    ),
  ];
  const { company: named, id } = data;
  const companies =
    named !== undefined && named !== '' ? [named] : [...view.hr.legalEntities.values()].map(({ id }) => id);
  const fixes: Fix[] = [];
  for (const company of companies) {
    const where = and(equals(table.company, company), id === undefined ? undefined : equals(table.primaryKey, id));
    const rows = named === undefined ? ((await view.count(table, where)) ?? 0) : 1;
    if (rows === 0) continue;
    for (const role of roles) {
      const values = {
        ...{ UserId: hrUser.id, SecurityRoleIdentifier: role },
        ...{ OrganizationType: 'LegalEntity', OrganizationId: company },
      };
      const preview = {
        en: `The role ${role} of ${hrUser.id} holds in ${company} too`,
        nb: `Rollen ${role} for ${hrUser.id} gjelder også i ${company}`,
      };
      const operations = [onData('POST', 'SecurityUserRoleOrganizations', values, { preview })];
      // Of several legal entities the one with the most rows is likeliest to be meant.
      fixes.push({ title: preview, gain: 1 + 1 / (1 + rows), operations });
    }
  }
  return fixes;
}
