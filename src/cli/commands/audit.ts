import { CliError, exitCodes, usageError } from '../cli-error.ts';
import type { CommandCall, CommandGroup } from '../command.ts';
import { printable } from '../output.ts';
import { parseRow, parseRows, type Row } from '../session.ts';
import { exportAudit } from './audit-export.ts';

/** Options of the audit log's list; each is the option of the same name of `GET /portvakt/v1/audit`. */
const filters = [
  ['correlation-id', 'Of a request: the id in its answer, or the one that the client sent'],
  ['since', 'From this moment on, such as 2026-03-01T12:00:00Z'],
  ['until', 'Before this moment'],
  ['kind', 'token, read, change, consent, keys, server or gap'],
  ['outcome', 'allowed, denied, failed or faulted'],
  ['client-id', 'Of this application'],
  ['table', 'About this table'],
] as const;
const listFilters = [...filters, ['top', 'Entries at most (default: 100)']] as const;

function queryOf({ option }: CommandCall): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name] of listFilters) {
    const parameter = name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    const value = option(parameter);
    if (value !== undefined) query.set(parameter, value);
  }
  return query;
}

/** The audit log. */
export const auditCommands: CommandGroup = {
  name: 'audit',
  summary: 'The audit log',
  commands: [
    {
      usage: 'list',
      summary: 'Shows entries, newest first',
      options: listFilters.map(([name, meaning]) => [`--${name} <${name}>`, meaning]),
      examples: ['portvakt audit list --outcome denied --top 10', 'portvakt audit list --correlation-id 0b6e… --json'],
      async run(call) {
        const { session, output } = call;
        const page = parseRow(await session.portvakt(`audit?${queryOf(call)}`));
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
      usage: 'export',
      summary: 'Writes entries to standard output, oldest first, up to now',
      options: [
        [
          '--format <format>',
          'jsonl (default): an entry a line; otel: OpenTelemetry logs, an OTLP/JSON request a line',
        ],
        ...filters.map(([name, meaning]) => [`--${name} <${name}>`, meaning] as const),
      ],
      examples: [
        'portvakt audit export --since 2026-03-01T00:00:00Z > audit.jsonl',
        'portvakt audit export --format otel --outcome denied > denied.jsonl',
      ],
      run: (call) => exportAudit(call, queryOf(call)),
    },
    {
      usage: 'verify',
      summary: 'Checks that nothing in the log was altered, removed, inserted or reordered',
      options: [['--seal <hash>', 'A seal that was kept elsewhere: the chain must have it']],
      examples: ['portvakt audit verify', 'portvakt audit verify --seal 4f0c…'],
      run: verify,
    },
    {
      usage: 'prune',
      summary: 'Removes entries of before a moment; what is left can still be verified',
      options: [
        ['--before <moment>', 'Such as 2026-03-01T00:00:00Z'],
        ['--yes', 'Remove them; without it only their number is shown'],
      ],
      examples: [
        'portvakt audit prune --before 2026-01-01T00:00:00Z',
        'portvakt audit prune --before 2026-01-01T00:00:00Z --yes',
      ],
      async run({ session, output, option, isSet }) {
        const before = option('before');
        if (before === undefined)
          throw usageError('say of before which moment', 'portvakt audit prune --before 2026-01-01T00:00:00Z');
        const isDry = !isSet('yes');
        const answer = parseRow(await session.portvakt('audit/prune', { method: 'POST', body: { before, isDry } }));
        const what = `${answer['entries']} entries in ${answer['segments']} segments`;
        output.done(isDry ? `${what} would be removed: add --yes` : `${what} were removed`, answer);
      },
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

const counted = ['seals', 'segments', 'entries', 'unchained', 'pruned'] as const;

/** Asks for one step after the other; the server does the work. */
async function verify({ session, output, option, io }: CommandCall): Promise<void> {
  const query = new URLSearchParams();
  const seal = option('seal');
  if (seal !== undefined) query.set('seal', seal);
  const sums = { seals: 0, segments: 0, entries: 0, unchained: 0, pruned: 0 };
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
  const gone = sums.pruned === 0 ? '' : `; ${sums.pruned} older entries were pruned`;
  const looked = `${sums.entries} entries in ${sums.segments} segments under ${sums.seals} seals${old}${gone}`;
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
