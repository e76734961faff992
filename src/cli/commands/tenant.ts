import type { CommandGroup } from '../command.ts';
import { parseRow, type Row, type Session } from '../session.ts';

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
  ],
};
