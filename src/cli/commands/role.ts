import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandGroup } from '../command.ts';
import { filterOf, findRole, findRootUnit, pickByName } from '../lookups.ts';
import { privilegesOfRole, readPrivileges } from '../role-privileges.ts';
import { parseRow, type Row, type Session } from '../session.ts';
import { depths } from '../setup/setup.ts';

/** Security roles of Dataverse: the first gate. */
export const roleCommands: CommandGroup = {
  name: 'role',
  summary: 'Security roles and their privileges (gate one)',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the security roles of the root business unit',
      examples: ['portvakt role list'],
      async run({ session, output }) {
        const condition = filterOf(`_businessunitid_value eq ${await findRootUnit(session)}`);
        const path = `roles?$select=name,ismanaged&$orderby=name&${condition}`;
        output.list(await session.all(session.webApi, path), [
          ['NAME', (row) => row['name']],
          ['MANAGED', (row) => (row['ismanaged'] === true ? 'yes' : 'no')],
          ['ID', (row) => row['roleid']],
        ]);
      },
    },
    {
      usage: 'show <role>',
      summary: 'Shows the privileges of a role, with their depths',
      examples: ["portvakt role show 'ATS integration'"],
      async run({ session, output, words: [name = ''] }) {
        const names = new Map((await readPrivileges(session)).map((row) => [row['privilegeid'], row['name']]));
        const held = await privilegesOfRole(session, (await findRole(session, name))['roleid']);
        const rows = held.map(({ id, depth }) => ({ name: names.get(id), depth }));
        rows.sort((one, other) => (String(one.name) < String(other.name) ? -1 : 1));
        output.list(rows, [
          ['PRIVILEGE', (row) => row['name']],
          ['DEPTH', (row) => row['depth']],
        ]);
      },
    },
    {
      usage: 'create <name>',
      summary: 'Makes a security role in the root business unit, without privileges or with those of another role',
      options: [['--like <role>', 'A role whose privileges it gets too']],
      examples: ["portvakt role create 'Ansettelse' --like 'Demo ATS integration'"],
      run: create,
    },
    {
      usage: 'allow <role> <privileges...>',
      summary: 'Adds privileges to a role, by their names',
      options: [['--depth <depth>', `One of ${depths.join(', ')} (default: Global)`]],
      examples: ["portvakt role allow 'Ansettelse' prvReadmshr_hcmtitleentity prvReadmshr_hcmskillentity"],
      run: allow,
    },
    {
      usage: 'withdraw <role> <privileges...>',
      summary: 'Takes privileges away from a role',
      examples: ["portvakt role withdraw 'Ansettelse' prvReadmshr_hcmtitleentity"],
      run: withdraw,
    },
    {
      usage: 'delete <role>',
      summary: 'Deletes a security role; who has it loses it',
      examples: ["portvakt role delete 'Ansettelse'"],
      async run({ session, output, words: [name = ''] }) {
        const role = await findRole(session, name);
        await session.webApi(`roles(${role['roleid']})`, { method: 'DELETE' });
        output.done(`deleted ${role['name']}`, { role: role['name'] });
      },
    },
  ],
};

async function create({ session, output, option, words: [name = ''] }: CommandCall): Promise<void> {
  const like = option('like');
  const held = like === undefined ? [] : await privilegesOfRole(session, (await findRole(session, like))['roleid']);
  const unit = await findRootUnit(session);
  const body = { name, 'businessunitid@odata.bind': `/businessunits(${unit})` };
  const { roleid } = parseRow(await session.webApi('roles?$select=name', { method: 'POST', body }));
  if (held.length > 0)
    await addPrivileges(
      session,
      roleid,
      held.map(({ id, depth }) => ({ PrivilegeId: id, Depth: depth, BusinessUnitId: unit })),
    );
  output.done(`${name} has ${held.length} privileges`, { role: name, roleid, privileges: held.length });
}

async function allow({ session, output, option, words: [name = '', names] }: CommandCall): Promise<void> {
  const Depth = depths.find((each) => each.toLowerCase() === (option('depth') ?? 'Global').toLowerCase());
  if (Depth === undefined) throw usageError(`--depth ${option('depth')} is not one of ${depths.join(', ')}`);
  const role = await findRole(session, name);
  const BusinessUnitId = await findRootUnit(session);
  const found = await findPrivileges(session, names);
  const Privileges = found.map((row) => ({ PrivilegeId: row['privilegeid'], Depth, BusinessUnitId }));
  await addPrivileges(session, role['roleid'], Privileges);
  output.done(`${role['name']} has ${found.map((row) => row['name']).join(', ')}`, { role: role['name'], Privileges });
}

async function withdraw({ session, output, words: [name = '', names] }: CommandCall): Promise<void> {
  const role = await findRole(session, name);
  const found = await findPrivileges(session, names);
  for (const { privilegeid } of found) {
    const path = `roles(${role['roleid']})/Microsoft.Dynamics.CRM.RemovePrivilegeRole`;
    await session.webApi(path, { method: 'POST', body: { PrivilegeId: privilegeid } });
  }
  const gone = found.map((row) => row['name']);
  output.done(`${role['name']} has no longer ${gone.join(', ')}`, { role: role['name'], withdrawn: gone });
}

const addPrivileges = (session: Session, roleid: unknown, Privileges: readonly Row[]): Promise<unknown> =>
  session.webApi(`roles(${roleid})/Microsoft.Dynamics.CRM.AddPrivilegesRole`, { method: 'POST', body: { Privileges } });

/** Privileges of the environment by their names, which commander gives as a list. */
async function findPrivileges(session: Session, names: unknown): Promise<readonly Row[]> {
  const all = await readPrivileges(session);
  return (Array.isArray(names) ? names : []).map((name) => pickByName(all, 'privilege', 'name', String(name)));
}
