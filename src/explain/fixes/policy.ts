import type { HrPolicy } from '../../hr/hr-policy.ts';
import { policyBypassRole } from '../../hr/hr-policy.ts';
import { hrLevels, securableName } from '../../hr/level.ts';
import type { RefusalCause } from '../../kernel/cause.ts';
import type { Fix } from '../condition.ts';
import type { Facts } from '../facts.ts';
import { dataKey, onData, quoted } from './operations.ts';

const levelOfKind = { read: 'Read', update: 'Update', delete: 'Delete' } as const;

/** Takes the table out of the policy, frees the user of all policies, or switches the policy off. */
export function policyFixes(facts: Facts, { data = {} }: RefusalCause): readonly Fix[] {
  const { view, hrUser } = facts;
  const table = view.model.table.get(data['table'] ?? '');
  const kind = (['read', 'update', 'delete'] as const).find((each) => each === data['kind']);
  const level = hrLevels.find((each) => each === data['level']) ?? levelOfKind[kind ?? 'read'];
  if (hrUser === undefined || table === undefined) return [];
  const access = view.hr.accessOf(hrUser);
  const all = access.kind === 'systemAdministrator' ? [] : access.policies.on(table, level);
  const meant = all.filter(({ identifier }) => data['policy'] === undefined || identifier === data['policy']);
  const entity = securableName(table);
  return [
    ...meant.flatMap((policy) => narrowed(facts, policy, entity)),
    ...meant.map((policy) => switchedOff(facts, policy)),
    bypassed(hrUser.id, access.kind === 'systemAdministrator' ? [] : access.policies.policies),
  ];
}

const heldBy = ({ view }: Facts, policy: HrPolicy): number =>
  [...view.hr.users.values()].filter((user) => {
    const access = view.hr.accessOf(user);
    return access.kind === 'listed' && access.policies.policies.includes(policy);
  }).length;

function narrowed(facts: Facts, policy: HrPolicy, entity: string): readonly Fix[] {
  const { identifier, constrained } = policy;
  const operations = constrained
    .filter((each) => each.entity === entity.toLowerCase() || each.entity === entity)
    .map(({ path }) => {
      const key = { SecurityPolicyIdentifier: identifier, SecurableName: entity, RelationPath: path };
      const preview = {
        en: `The policy ${identifier} says nothing about ${entity} any more`,
        nb: `Policyen ${identifier} sier ikke lenger noe om ${entity}`,
      };
      return onData('DELETE', dataKey('SecurityPolicyConstrainedEntities', key), undefined, { preview });
    });
  const title = {
    en: `Take ${entity} out of the policy ${identifier}`,
    nb: `Ta ${entity} ut av policyen ${identifier}`,
  };
  return operations.length === 0 ? [] : [{ title, gain: heldBy(facts, policy), operations }];
}

function switchedOff(facts: Facts, policy: HrPolicy): Fix {
  const { identifier, constrained } = policy;
  const preview = { en: `The policy ${identifier} is disabled`, nb: `Policyen ${identifier} er deaktivert` };
  const path = dataKey('SecurityPolicies', { SecurityPolicyIdentifier: identifier });
  return {
    title: { en: `Disable the policy ${identifier}`, nb: `Deaktiver policyen ${identifier}` },
    gain: 1 + heldBy(facts, policy) * constrained.length,
    operations: [onData('PATCH', path, { Enabled: false }, { preview })],
  };
}

function bypassed(user: string, policies: readonly HrPolicy[]): Fix {
  const tables = policies.reduce((sum, { constrained }) => sum + constrained.length, 0);
  const preview = {
    en: `${user} has the role ${policyBypassRole}, which frees of every policy`,
    nb: `${user} har rollen ${policyBypassRole}, som fritar fra alle policyer`,
  };
  const body = { UserId: user, SecurityRoleIdentifier: policyBypassRole };
  return {
    title: { en: `Free ${user} of all policies`, nb: `Frita ${user} fra alle policyer` },
    gain: 2 + tables,
    operations: [
      onData('POST', 'SecurityUserRoleAssociations', body, {
        preview,
        cliCommand: `portvakt hr-user grant ${quoted(user)} ${policyBypassRole}`,
      }),
    ],
  };
}
