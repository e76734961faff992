import type { Somebody, WhoCanAnswer } from '../../can-i/answers.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { parseRow } from '../session.ts';
import { writerOf } from '../told-text.ts';

/** Which applications may do something, and which lack what. */
export const whoCanCommand: CommandSpec = {
  usage: 'who-can <right> [table]',
  summary: 'Which applications may do something, by which roles, and what the others lack, the nearest first',
  options: [
    ['--row <id>', 'The row that it is about; without it a list, or any row'],
    ['--columns <a,b>', 'Columns that are read or written, and navigation properties that are set'],
    ['--navigation <property>', 'The navigation property that the right link sets'],
    ['--company <code>', 'Legal entity that the body names'],
  ],
  examples: ['portvakt who-can read mshr_hcmrecruitingrequestentity', 'portvakt who-can WhoAmI'],
  run: askWhoCan,
};

async function askWhoCan(call: CommandCall): Promise<void> {
  const { session, words, option, output, isSet } = call;
  const [right, table] = words;
  const texts = { row: option('row'), columns: option('columns'), navigation: option('navigation') };
  const asked = { right, table, ...texts, company: option('company') };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const answer = parseRow(await session.portvakt(`who-can?${new URLSearchParams(given)}`)) as unknown as WhoCanAnswer;
  if (isSet('json')) return output.json(answer);
  const write = writerOf(call);
  for (const each of answer.can) write(`can     ${each.clientId} ${each.name}${comesBy(each)}\n`);
  for (const { clientId, name, outcome, condition } of answer.cannot) {
    write(`cannot  ${clientId} ${name}: ${condition ?? outcome}\n`);
  }
}

function comesBy({ securityRoles, hrUser, hrRoles }: Somebody): string {
  const byHr =
    hrUser === undefined ? [] : [`as ${hrUser}`, ...(hrRoles.length > 0 ? [`with ${hrRoles.join(', ')}`] : [])];
  const parts = [...(securityRoles.length > 0 ? [`by ${securityRoles.join(', ')}`] : []), ...byHr];
  return parts.length === 0 ? '' : `: ${parts.join(' ')}`;
}
