import type { CanIAnswer } from '../../can-i/answers.ts';
import type { RowCount } from '../../explain/explanation.ts';
import { CliError, exitCodes } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { parseRow } from '../session.ts';
import { showCondition } from '../show-condition.ts';
import { languageOfCall, writerOf } from '../told-text.ts';

/** Whether an application may do something, before it tries. */
export const canICommand: CommandSpec = {
  usage: 'can-i <client-id> <right> [table]',
  summary: 'Whether an application may do something, and if not, which condition it lacks and how to mend it',
  options: [
    ['--row <id>', 'The row that it is about; without it a list, or any row'],
    ['--columns <a,b>', 'Columns that are read or written, and navigation properties that are set'],
    ['--navigation <property>', 'The navigation property that the right link sets'],
    ['--company <code>', 'Legal entity that the body names'],
    ['--as-user <id>', 'The user in whose name it would be asked'],
    ['--language <language>', 'en or nb (default: en)'],
  ],
  examples: [
    'portvakt can-i 5c1f1f0e-… read mshr_hcmrecruitingrequestentity',
    'portvakt can-i 5c1f1f0e-… create mshr_hcmcandidatetohireentity --columns mshr_firstname --company usmf',
    'portvakt can-i 5c1f1f0e-… link team --navigation teammembership_association',
    'portvakt can-i 5c1f1f0e-… WhoAmI',
  ],
  run: askCanI,
};

async function askCanI(call: CommandCall): Promise<void> {
  const { session, words, option, output, isSet } = call;
  const [clientId, right, table] = words;
  const asked = {
    ...{ clientId, right, table, row: option('row'), columns: option('columns'), navigation: option('navigation') },
    ...{ company: option('company'), asUserId: option('asUser') },
  };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = parseRow(await session.portvakt(`can-i?${new URLSearchParams(given)}`)) as unknown as CanIAnswer;
  if (isSet('json')) output.json(answer);
  else show(call, answer);
  if (answer.allowed) return;
  const why = answer.firstFailed === undefined ? 'there is no such row' : `the condition is ${answer.firstFailed}`;
  throw new CliError(`${answer.outcome}: ${why}`, exitCodes.different);
}

function show(call: CommandCall, { outcome, found, conditions, unknown, rows }: CanIAnswer): void {
  const write = writerOf(call);
  const language = languageOfCall(call);
  for (const condition of conditions) showCondition(call, condition, language);
  call.io.out('\n');
  if (found === undefined && rows !== undefined) showRows(write, rows);
  if (unknown.length > 0) write(`up to the request itself: ${unknown.join(', ')}\n`);
  write(`${outcome}\n`);
}

function showRows(write: (line: string) => void, { all, losses }: RowCount): void {
  const left = losses.at(-1)?.remaining ?? all;
  const taken = losses.filter(({ removed }) => removed > 0);
  const told = taken.map(({ condition, removed, evidence }) =>
    [condition, evidence['policy'], 'takes', removed].filter((word) => word !== undefined).join(' '),
  );
  write(`${[`rows: ${left} of ${all}`, ...told].join(', ')}\n`);
}
