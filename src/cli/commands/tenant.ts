import { CliError, exitCodes } from '../cli-error.ts';
import type { CommandGroup, CommandSpec } from '../command.ts';
import { parseRow, type Row, type Session } from '../session.ts';
import { exportCommand } from './environment-export.ts';
import { importCommand } from './environment-import.ts';

const listOf = async (session: Session, path: string): Promise<readonly Row[]> => session.all(session.portvakt, path);

/** Tenants of the installation. */
export const tenantCommands: CommandGroup = {
  name: 'tenant',
  summary: 'Tenants of the installation',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the tenants',
      examples: ['portvakt tenant list'],
      async run({ session, output }) {
        output.list(await listOf(session, 'tenants'), [
          ['ID', (row) => row['id']],
          ['NAME', (row) => row['displayName']],
          ['DOMAINS', (row) => row['domains']],
        ]);
      },
    },
    {
      usage: 'create <name> <domain>',
      summary: 'Makes a tenant; the secret of its administrator is shown this once',
      examples: ["portvakt tenant create 'Fjordheim' fjordheim.example"],
      async run({ session, output, words: [displayName = '', domain = ''] }) {
        const body = { displayName, domains: [domain] };
        const made = parseRow(await session.portvakt('tenants', { method: 'POST', body }));
        output.show({ tenantId: made['id'], ...parseRow(made['administrator']) });
      },
    },
  ],
};

/** The environment that is named, among those of the installation. @throws CliError */
async function findEnvironment(session: Session, uniqueName: string): Promise<Row> {
  const all = await listOf(session, 'environments');
  const found = all.find((row) => row['uniqueName'] === uniqueName);
  if (found !== undefined) return found;
  throw new CliError(
    `there is no environment ${uniqueName}: there are ${all.map((row) => row['uniqueName']).join(', ')}`,
    exitCodes.refused,
    'portvakt environment list shows them',
  );
}

/** Freezes or thaws. */
const setFrozen = (name: 'freeze' | 'thaw', summary: string): CommandSpec => ({
  usage: `${name} <unique-name>`,
  summary,
  examples: [`portvakt environment ${name} fjordheim`],
  async run({ session, output, words: [uniqueName = ''] }) {
    const { id } = await findEnvironment(session, uniqueName);
    const body = { isFrozen: name === 'freeze' };
    const changed = parseRow(await session.portvakt(`environments/${id}`, { method: 'PATCH', body }));
    output.done(`${uniqueName} is ${name === 'freeze' ? 'frozen: it can be read only' : 'thawed'}`, changed);
  },
});

/** Environments of the installation. */
export const environmentCommands: CommandGroup = {
  name: 'environment',
  summary: 'Environments of the installation',
  commands: [
    {
      usage: 'list',
      summary: 'Shows the environments',
      examples: ['portvakt environment list'],
      async run({ session, output }) {
        output.list(await listOf(session, 'environments'), [
          ['UNIQUE NAME', (row) => row['uniqueName']],
          ['NAME', (row) => row['name']],
          ['URL', (row) => row['url']],
          ['TENANT', (row) => row['tenantId']],
          ['STATE', (row) => (row['isFrozen'] === true ? 'frozen' : 'in service')],
        ]);
      },
    },
    {
      usage: 'create <unique-name>',
      summary: 'Makes an environment in a tenant',
      options: [
        ['--tenant <id>', 'The tenant that owns it'],
        ['--administrator <client-id>', 'An application of the tenant that becomes its System Administrator'],
        ['--name <name>', 'Name for people (default: the unique name)'],
      ],
      examples: ['portvakt environment create fjordheim --tenant 0f6a… --administrator 8c21…'],
      async run({ session, output, option, words: [uniqueName = ''] }) {
        const name = option('name') ?? uniqueName;
        const body = { tenantId: option('tenant'), uniqueName, name, administratorClientId: option('administrator') };
        const made = parseRow(await session.portvakt('environments', { method: 'POST', body }));
        output.done(`${uniqueName} answers at ${made['url']}`, made);
      },
    },
    setFrozen('freeze', 'Lets an environment be read only, until it is thawed'),
    setFrozen('thaw', 'Lets a frozen environment be changed again'),
    exportCommand,
    importCommand,
    {
      usage: 'delete <unique-name>',
      summary: 'Deletes an environment with all of its data, which cannot be undone',
      options: [['--confirm <unique-name>', 'Its unique name once more']],
      examples: ['portvakt environment delete fjordheim --confirm fjordheim'],
      async run({ session, output, option, words: [uniqueName = ''] }) {
        const { id } = await findEnvironment(session, uniqueName);
        const confirmed = encodeURIComponent(option('confirm') ?? '');
        await session.portvakt(`environments/${id}?confirmUniqueName=${confirmed}`, { method: 'DELETE' });
        output.done(`${uniqueName} is deleted`, { id, uniqueName });
      },
    },
  ],
};
