import type { CommandCall, CommandGroup } from '../command.ts';
import { filterOf, findRole, findRootUnit, findUser, pickByName } from '../lookups.ts';
import { parseRow } from '../session.ts';

/** Application users of Dataverse: the first gate. */
export const userCommands: CommandGroup = {
  name: 'user',
  summary: 'Application users and their security roles (gate one)',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the application users of the environment',
      examples: ['portvakt user list'],
      async run({ session, output }) {
        const columns = '$select=fullname,applicationid,isdisabled&$expand=systemuserroles_association($select=name)';
        const path = `systemusers?${columns}&${filterOf('applicationid ne null')}`;
        output.list(await session.all(session.webApi, path), [
          ['CLIENT ID', (row) => row['applicationid']],
          ['NAME', (row) => row['fullname']],
          ['STATE', (row) => (row['isdisabled'] === true ? 'disabled' : 'enabled')],
          ['SECURITY ROLES', (row) => namesOf(row['systemuserroles_association'])],
        ]);
      },
    },
    {
      usage: 'add <client-id>',
      summary: 'Makes an application user of an application of the tenant',
      options: [['--unit <name>', 'Its business unit (default: the root)']],
      examples: ['portvakt user add 5c1f1f0e-…'],
      run: add,
    },
    { ...state('enable', false), summary: 'Lets a disabled application user in again' },
    { ...state('disable', true), summary: 'Refuses an application user from its next request on' },
    {
      usage: 'remove <client-id>',
      summary: 'Deletes an application user; only a disabled one can be deleted',
      examples: ['portvakt user remove 5c1f1f0e-…'],
      async run({ session, output, words: [clientId = ''] }) {
        const user = await findUser(session, clientId);
        await session.webApi(`systemusers(${user['systemuserid']})`, { method: 'DELETE' });
        output.done(`removed ${clientId}`, { clientId });
      },
    },
    {
      usage: 'grant <client-id> <role>',
      summary: 'Assigns a security role',
      examples: ["portvakt user grant 5c1f1f0e-… 'ATS integration'"],
      async run({ session, output, words: [clientId = '', name = ''] }) {
        const [user, role] = [await findUser(session, clientId), await findRole(session, name)];
        const body = { '@odata.id': `${session.target.apiUrl}/api/data/v9.2/roles(${role['roleid']})` };
        const path = `systemusers(${user['systemuserid']})/systemuserroles_association/$ref`;
        await session.webApi(path, { method: 'POST', body });
        output.done(`${user['fullname']} has the role ${role['name']}`, { clientId, role: role['name'] });
      },
    },
    {
      usage: 'revoke <client-id> <role>',
      summary: 'Takes a security role away',
      examples: ["portvakt user revoke 5c1f1f0e-… 'ATS integration'"],
      async run({ session, output, words: [clientId = '', name = ''] }) {
        const [user, role] = [await findUser(session, clientId), await findRole(session, name)];
        const path = `systemusers(${user['systemuserid']})/systemuserroles_association(${role['roleid']})/$ref`;
        await session.webApi(path, { method: 'DELETE' });
        output.done(`${user['fullname']} has the role ${role['name']} no more`, { clientId, role: role['name'] });
      },
    },
  ],
};

const namesOf = (rows: unknown): string =>
  Array.isArray(rows) ? rows.map((row) => parseRow(row)['name']).join(', ') : '';

async function add({ session, output, option, words: [clientId = ''] }: CommandCall): Promise<void> {
  const name = option('unit');
  const unit =
    name === undefined
      ? await findRootUnit(session)
      : pickByName(await session.all(session.webApi, 'businessunits?$select=name'), 'business unit', 'name', name)[
          'businessunitid'
        ];
  const body = { applicationid: clientId, 'businessunitid@odata.bind': `/businessunits(${unit})` };
  const made = parseRow(await session.webApi('systemusers?$select=fullname,applicationid', { method: 'POST', body }));
  const { systemuserid, fullname } = made;
  output.done(`${fullname} is an application user`, { clientId, systemuserid, fullname });
}

function state(verb: 'enable' | 'disable', isDisabled: boolean) {
  return {
    usage: `${verb} <client-id>`,
    examples: [`portvakt user ${verb} 5c1f1f0e-…`],
    async run({ session, output, words: [clientId = ''] }: CommandCall): Promise<void> {
      const user = await findUser(session, clientId);
      const body = { isdisabled: isDisabled };
      await session.webApi(`systemusers(${user['systemuserid']})`, { method: 'PATCH', body });
      output.done(`${user['fullname']} is ${verb}d`, { clientId, isDisabled });
    },
  };
}
