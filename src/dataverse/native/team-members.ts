import { type Guid, parseGuid } from '../../kernel/ids.ts';
import { Refusal } from '../../kernel/refusal.ts';
import type { BoundRow, MessageParameters } from '../../odata/operation.ts';
import { invalidArgument } from '../messages.ts';
import type { TableGrant } from '../table-grant.ts';
import { changeLinks } from './associate.ts';
import type { NativeDeps } from './native-deps.ts';

/**
 * `AddMembersTeam` and `RemoveMembersTeam`: what linking each user through `teammembership_association` does, for all of
 * them or none (dataverse-web-api 3.5).
 */
export async function changeMembers(
  deps: NativeDeps,
  grant: TableGrant,
  { table, id }: BoundRow,
  kind: 'associate' | 'disassociate',
  { Members: members }: MessageParameters,
): Promise<void> {
  if (!Array.isArray(members)) throw refuseMembers('`Members` must be a list of users');
  const navigation = table.navigation.get('teammembership_association');
  if (navigation?.kind !== 'manyToMany') throw new TypeError('teams have no members');
  const targetIds = (members as readonly unknown[]).map(parseMember);
  await changeLinks(deps, grant, { kind, table, id, navigation, targetIds });
}

function parseMember(member: unknown): Guid {
  const text = typeof member === 'object' && member !== null && 'systemuserid' in member ? member.systemuserid : '';
  const id = typeof text === 'string' ? parseGuid(text) : undefined;
  if (id === undefined) throw refuseMembers('each member of `Members` must be a user with its `systemuserid`');
  return id;
}

const refuseMembers = (message: string): Refusal => new Refusal('parse', invalidArgument(message));
