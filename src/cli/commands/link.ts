import type { CommandGroup } from '../command.ts';
import { literal } from '../lookups.ts';

/** Application links of Human Resources (the form Azure Active Directory applications): the second gate. */
export const linkCommands: CommandGroup = {
  name: 'link',
  summary: 'Application links: which Human Resources user an application is (gate two)',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the application links',
      examples: ['portvakt link list'],
      async run({ session, output }) {
        output.list(await session.all(session.data, 'SysAADClients'), [
          ['CLIENT ID', (row) => row['AADClientId']],
          ['NAME', (row) => row['Name']],
          ['HR USER', (row) => row['UserId']],
        ]);
      },
    },
    {
      usage: 'add <client-id> <hr-user>',
      summary: 'Links an application to a Human Resources user',
      options: [['--name <name>', 'Name of the link (default: the name of the user)']],
      examples: ["portvakt link add 5c1f1f0e-… AnsettelseIntegrasjon --name 'Ansettelse'"],
      async run({ session, output, option, words: [clientId = '', hrUser = ''] }) {
        const body = { AADClientId: clientId, Name: option('name') ?? hrUser, UserId: hrUser };
        await session.data('SysAADClients', { method: 'POST', body });
        output.done(`${clientId} is ${hrUser} in Human Resources`, body);
      },
    },
    {
      usage: 'remove <client-id>',
      summary: 'Removes an application link: the second gate is closed from the next request on',
      examples: ['portvakt link remove 5c1f1f0e-…'],
      async run({ session, output, words: [clientId = ''] }) {
        await session.data(`SysAADClients(${encodeURIComponent(literal(clientId))})`, { method: 'DELETE' });
        output.done(`${clientId} is not linked any more`, { clientId });
      },
    },
  ],
};
