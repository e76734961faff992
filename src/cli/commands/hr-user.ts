import type { CommandCall, CommandGroup, CommandSpec } from '../command.ts';
import { filterOf, literal, pickByName } from '../lookups.ts';

/** Human Resources users and their roles: the second gate. */
export const hrUserCommands: CommandGroup = {
  name: 'hr-user',
  summary: 'Human Resources users and their roles (gate two)',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the users of Human Resources',
      examples: ['portvakt hr-user list'],
      async run({ session, output }) {
        output.list(await session.all(session.data, 'SystemUsers'), [
          ['USER ID', (row) => row['UserID']],
          ['NAME', (row) => row['UserName']],
          ['COMPANY', (row) => row['Company']],
          ['STATE', (row) => (row['Enabled'] === false ? 'disabled' : 'enabled')],
        ]);
      },
    },
    {
      usage: 'add <user-id>',
      summary: 'Makes a user that an application can be linked to',
      options: [
        ['--name <name>', 'User name (default: the user id)'],
        ['--company <legal-entity>', 'Where its rows go that name no legal entity (default: usmf)'],
        ['--language <language>', 'Of the messages (default: en-us)'],
      ],
      examples: ['portvakt hr-user add AnsettelseIntegrasjon --company usmf --language nb-no'],
      run: add,
    },
    setEnabled('enable', true),
    setEnabled('disable', false),
    {
      usage: 'remove <user-id>',
      summary: 'Deletes a user',
      examples: ['portvakt hr-user remove AnsettelseIntegrasjon'],
      async run({ session, output, words: [userId = ''] }) {
        await session.data(`SystemUsers(${encodeURIComponent(literal(userId))})`, { method: 'DELETE' });
        output.done(`removed ${userId}`, { userId });
      },
    },
    {
      usage: 'roles <user-id>',
      summary: 'Shows the roles of a user',
      examples: ['portvakt hr-user roles AnsettelseIntegrasjon'],
      async run({ session, output, words: [userId = ''] }) {
        const path = `SecurityUserRoleAssociations?${filterOf(`UserId eq ${literal(userId)}`)}`;
        output.list(await session.all(session.data, path), [
          ['IDENTIFIER', (row) => row['SecurityRoleIdentifier']],
          ['ROLE', (row) => row['SecurityRoleName']],
        ]);
      },
    },
    {
      usage: 'grant <user-id> <role>',
      summary: 'Assigns a role, by its identifier',
      examples: ['portvakt hr-user grant AnsettelseIntegrasjon HcmRecruitingIntegrator'],
      run: grant,
    },
    {
      usage: 'revoke <user-id> <role>',
      summary: 'Takes a role away',
      examples: ['portvakt hr-user revoke AnsettelseIntegrasjon HcmRecruitingIntegrator'],
      async run({ session, output, words: [userId = '', role = ''] }) {
        const key = `UserId=${literal(userId)},SecurityRoleIdentifier=${literal(role)}`;
        await session.data(`SecurityUserRoleAssociations(${encodeURIComponent(key)})`, { method: 'DELETE' });
        output.done(`${userId} has the role ${role} no more`, { userId, role });
      },
    },
  ],
};

function setEnabled(verb: 'enable' | 'disable', Enabled: boolean): CommandSpec {
  return {
    usage: `${verb} <user-id>`,
    summary: Enabled
      ? 'Lets a disabled user in again'
      : 'Refuses whoever is linked to a user, from the next request on',
    examples: [`portvakt hr-user ${verb} AnsettelseIntegrasjon`],
    async run({ session, output, words: [userId = ''] }) {
      const path = `SystemUsers(${encodeURIComponent(literal(userId))})`;
      await session.data(path, { method: 'PATCH', body: { Enabled } });
      output.done(`${userId} is ${verb}d`, { userId, Enabled });
    },
  };
}

async function add({ session, output, option, words: [userId = ''] }: CommandCall): Promise<void> {
  const language = option('language') ?? 'en-us';
  const body = {
    ...{ UserID: userId, UserName: option('name') ?? userId },
    ...{ Alias: userId, Email: userId, NetworkDomain: userId, Enabled: true },
    ...{ Company: option('company') ?? 'usmf', UserInfo_language: language, Helplanguage: language },
  };
  await session.data('SystemUsers', { method: 'POST', body });
  output.done(`${userId} is a user of Human Resources`, { userId });
}

async function grant({ session, output, words: [userId = '', role = ''] }: CommandCall): Promise<void> {
  const roles = await session.all(session.data, 'SecurityRoles');
  const { SecurityRoleIdentifier, SecurityRoleName } = pickByName(roles, 'role', 'SecurityRoleIdentifier', role);
  const body = { UserId: userId, SecurityRoleIdentifier, SecurityRoleName };
  await session.data('SecurityUserRoleAssociations', { method: 'POST', body });
  output.done(`${userId} has the role ${SecurityRoleName}`, body);
}
