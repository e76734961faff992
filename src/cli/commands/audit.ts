import type { CommandGroup } from '../command.ts';
import { parseRow, parseRows } from '../session.ts';

/** Options of the audit log's list; each is the option of the same name of `GET /portvakt/v1/audit`. */
const filters = [
  ['correlation-id', 'Of a request: the id in its answer, or the one that the client sent'],
  ['since', 'From this moment on, such as 2026-03-01T12:00:00Z'],
  ['until', 'Before this moment'],
  ['kind', 'token, read, change, consent, keys, server or gap'],
  ['outcome', 'allowed, denied, failed or faulted'],
  ['client-id', 'Of this application'],
  ['table', 'About this table'],
  ['top', 'Entries at most (default: 100)'],
] as const;

/** The audit log. */
export const auditCommands: CommandGroup = {
  name: 'audit',
  summary: 'The audit log',
  commands: [
    {
      usage: 'list',
      summary: 'Shows entries, newest first',
      options: filters.map(([name, meaning]) => [`--${name} <${name}>`, meaning]),
      examples: ['portvakt audit list --outcome denied --top 10', 'portvakt audit list --correlation-id 0b6e… --json'],
      async run({ session, output, option }) {
        const query = new URLSearchParams();
        for (const [name] of filters) {
          const parameter = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
          const value = option(parameter);
          if (value !== undefined) query.set(parameter, value);
        }
        const page = parseRow(await session.portvakt(`audit?${query}`));
        output.list(parseRows(page['value']), [
          ['TIME', (row) => row['time']],
          ['OUTCOME', (row) => row['outcome']],
          ['WHAT', (row) => row['kind']],
          ['ABOUT', (row) => row['table'] ?? row['message'] ?? row['resource']],
          ['CLIENT ID', (row) => row['clientId']],
          ['REASON', (row) => row['reason']],
        ]);
      },
    },
  ],
};
