import { CliError, exitCodes } from '../cli-error.ts';
import type { CommandCall, CommandGroup } from '../command.ts';
import { printable } from '../output.ts';
import { parseRow, parseRows, type Row } from '../session.ts';

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
    {
      usage: 'verify',
      summary: 'Checks that nothing in the log was altered, removed, inserted or reordered',
      options: [['--seal <hash>', 'A seal that was kept elsewhere: the chain must have it']],
      examples: ['portvakt audit verify', 'portvakt audit verify --seal 4f0c…'],
      run: verify,
    },
    {
      usage: 'seal',
      summary: 'Seals what was written so far and prints the newest seal, to be kept elsewhere',
      options: [['--newest', 'Print the newest seal that there is, without adding one']],
      examples: ['portvakt audit seal', 'portvakt audit seal --newest --json'],
      async run({ session, output, isSet }) {
        const seal = parseRow(
          await session.portvakt('audit/seal', isSet('newest') ? {} : { method: 'POST', body: {} }),
        );
        output.done(`${seal['hash']}  seal ${seal['number']} of ${seal['time']}`, seal);
      },
    },
  ],
};

const counted = ['seals', 'segments', 'entries', 'unchained'] as const;

/** Asks for one step after the other; the server does the work. */
async function verify({ session, output, option, io }: CommandCall): Promise<void> {
  const query = new URLSearchParams();
  const seal = option('seal');
  if (seal !== undefined) query.set('seal', seal);
  const sums = { seals: 0, segments: 0, entries: 0, unchained: 0 };
  const findings: Row[] = [];
  for (let next: unknown = ''; next !== null; ) {
    if (typeof next === 'string' && next !== '') query.set('cursor', next);
    const step = parseRow(await session.portvakt(`audit/verify?${query}`));
    for (const name of counted) sums[name] += Number(step[name]);
    findings.push(...parseRows(step['findings']));
    next = step['next'] ?? null;
    if (io.isTerminal) io.err(`\r${sums.segments} of ${step['total']} segments${next === null ? '\n' : ''}`);
  }
  const old = sums.unchained === 0 ? '' : `; ${sums.unchained} entries are older than the chain and cannot be checked`;
  const looked = `${sums.entries} entries in ${sums.segments} segments under ${sums.seals} seals${old}`;
  const isWhole = findings.length === 0;
  if (isWhole) output.done(`the audit log is whole: ${looked}`, { isWhole, ...sums, findings });
  else output.done(findings.map(({ text }) => printable(String(text))).join('\n'), { isWhole, ...sums, findings });
  if (isWhole) return;
  const fix = 'compare with a backup, and find out who can write to the store: docs/audit.md';
  throw new CliError(
    `the audit log is not what was written: ${findings.length} findings in ${looked}`,
    exitCodes.different,
    fix,
  );
}
