import type { Simulation } from '../../advise/simulation.ts';
import { CliError, exitCodes, usageError } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { sayUse } from '../say-use.ts';
import { parseRow } from '../session.ts';
import { writerOf } from '../told-text.ts';

/** What would break if a role changed. */
export const simulateCommand: CommandSpec = {
  usage: 'simulate',
  summary: 'Which requests of the audit log would be refused if a role lost something, or were gone',
  options: [
    ['--role <name>', 'A security role'],
    ['--hr-role <identifier>', 'A role of Human Resources'],
    ['--loses <a,b>', 'Privileges, and duties in Human Resources, that it would not have any more'],
    ['--deleted', 'It would not be there any more'],
    ['--since <moment>', 'Requests from this moment on (default: 90 days ago)'],
    ['--until <moment>', 'Requests before this moment'],
  ],
  examples: [
    "portvakt simulate --role 'ATS integration' --loses prvReadmshr_hcmtitleentity",
    'portvakt simulate --hr-role HcmRecruitingIntegrator --deleted',
  ],
  run: runSimulate,
};

async function runSimulate(call: CommandCall): Promise<void> {
  const { session, option, isSet, output } = call;
  const [role, hrRole] = [option('role'), option('hrRole')];
  if ((role === undefined) === (hrRole === undefined)) throw usageError('one of --role and --hr-role is needed');
  const loses = option('loses')
    ?.split(',')
    .map((name) => name.trim());
  if ((loses === undefined) !== isSet('deleted')) throw usageError('one of --loses and --deleted is needed');
  const body = {
    ...{ gate: role === undefined ? 'human-resources' : 'dataverse', role: role ?? hrRole },
    ...(loses === undefined ? { isDeleted: true } : { loses }),
    ...(option('since') !== undefined && { since: option('since') }),
    ...(option('until') !== undefined && { until: option('until') }),
  };
  const found = parseRow(await session.portvakt('simulate', { method: 'POST', body })) as unknown as Simulation;
  if (isSet('json')) output.json(found);
  else show(call, found);
  if (found.broken.length > 0) throw new CliError('requests would be refused', exitCodes.different);
}

function show(
  call: CommandCall,
  { requests, uses, since, until, isCutOff, broken, refusedToday, holders }: Simulation,
): void {
  const write = writerOf(call);
  write(`requests: ${requests}, kinds: ${uses}, ${since} to ${until}\n`);
  if (isCutOff) write('there were more before: they count for nothing here\n');
  if (refusedToday > 0) write(`${refusedToday} of them are refused today already\n`);
  write(`held by: ${holders.join(', ') || 'nobody'}\n`);
  for (const { name, use, condition } of broken) {
    write(`  ${name}: ${sayUse(use)}, ${use.count} times, last ${use.until}: ${condition}\n`);
  }
  if (broken.length === 0) write('nothing would break\n');
}
