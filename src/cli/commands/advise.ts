import type { Advice, HeldPrivilege, Proof } from '../../advise/advice.ts';
import type { FixOperation } from '../../explain/condition.ts';
import { carryOut } from '../carry-out.ts';
import { usageError } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { readRequestsOfHar } from '../har.ts';
import { isGuid } from '../lookups.ts';
import { sayUse } from '../say-use.ts';
import { parseRow } from '../session.ts';
import { languageOfCall, writerOf } from '../told-text.ts';

/** The least that an application needs for what it does. */
export const adviseCommand: CommandSpec = {
  usage: 'advise <client-id>',
  summary: 'The smallest roles with which everything that an application did would still be allowed',
  options: [
    ['--since <moment>', 'Requests from this moment on (default: 90 days ago)'],
    ['--until <moment>', 'Requests before this moment'],
    ['--har <file>', 'Requests of this HAR file instead of recorded ones'],
    ['--make', 'Shows how the roles are made; with --yes makes them, and gives them to nobody'],
    ['--switch', 'As --make, and puts them in the place of the roles of today'],
    ['--yes', 'With --make or --switch: carries it out'],
    ['--language <language>', 'en or nb (default: en)'],
  ],
  examples: [
    'portvakt advise 5c1f1f0e-…',
    'portvakt advise 5c1f1f0e-… --since 2026-03-01T00:00:00Z --json',
    'portvakt advise 5c1f1f0e-… --har session.har',
    'portvakt advise 5c1f1f0e-… --switch --yes',
  ],
  run: runAdvise,
};

async function runAdvise(call: CommandCall): Promise<void> {
  const { isSet, output } = call;
  const makes = isSet('make') || isSet('switch');
  if (isSet('yes') && !makes) throw usageError('--yes goes with --make or --switch');
  languageOfCall(call);
  const advice = await readAdvice(call);
  if (makes) return makeRoles(call, advice);
  if (isSet('json')) output.json(advice);
  else show(call, advice);
}

async function readAdvice({ session, words, option }: CommandCall): Promise<Advice> {
  const clientId = words[0]?.trim() ?? '';
  if (!isGuid(clientId)) throw usageError(`${clientId} is not a client id`, 'portvakt app list shows them');
  const har = option('har');
  const times = ['since', 'until'].filter((name) => option(name) !== undefined);
  if (har === undefined) {
    const query = new URLSearchParams({ clientId });
    for (const name of times) query.set(name, option(name) ?? '');
    return parseAdvice(await session.portvakt(`advise?${query}`));
  }
  if (times.length > 0) throw usageError('--har goes without --since and --until: all requests of the file count');
  const requests = readRequestsOfHar(har);
  return parseAdvice(await session.portvakt('advise', { method: 'POST', body: { clientId, requests } }));
}

const parseAdvice = (answer: unknown): Advice => parseRow(answer) as unknown as Advice;

function show(call: CommandCall, advice: Advice): void {
  const write = writerOf(call);
  const { application, period, securityRole, humanResources, today, uncovered, warnings } = advice;
  const when = period.since === undefined ? '' : `, ${period.since} to ${period.until}`;
  write(`${application.name} (${application.clientId})\n`);
  write(`requests: ${period.requests}, kinds: ${period.uses}${when}\n`);
  if (period.isCutOff) write('there were more before: they count for nothing here\n');
  if (period.notUnderstood > 0) write(`${period.notUnderstood} requests are none of the Web API\n`);
  call.io.out('\n');
  write(`Security role: ${securityRole.privileges.length} privileges${ofHeld(today.privileges?.length)}\n`);
  for (const { name, depth, depthIs, proof } of securityRole.privileges) {
    write(`  ${name} ${depth}${depthIs === 'least' ? '' : ` (${depthIs})`}   ${sayProof(proof)}\n`);
  }
  for (const name of securityRole.keeps) write(`  and the role ${name} stays\n`);
  if (humanResources !== undefined) {
    const { user, duties, privileges, legalEntities } = humanResources;
    const companies = legalEntities === 'all' ? '' : `, in ${legalEntities.join(', ')}`;
    call.io.out('\n');
    write(
      `Human Resources, ${user}: ${privileges.length} privileges${ofHeld(today.hrPrivileges.length)}${companies}\n`,
    );
    for (const duty of duties) write(`  duty ${duty}\n`);
    for (const { privilege, duty, proof } of privileges) {
      write(`  ${duty === undefined ? '' : '  '}${privilege}   ${sayProof(proof)}\n`);
    }
  }
  showUnused(call, today.privileges ?? [], period.since);
  for (const { use, condition } of uncovered) write(`NOT COVERED: ${sayUse(use)} (${condition})\n`);
  for (const warning of warnings) write(`NOTE: ${warning[languageOfCall(call)]}\n`);
}

const ofHeld = (held: number | undefined): string => (held === undefined ? '' : `; today ${held}`);

const sayProof = ({ use, condition }: Proof): string => `without it: ${sayUse(use)} is refused (${condition})`;

/** What is held and left out, the longest unused first. */
function showUnused(call: CommandCall, held: readonly HeldPrivilege[], since: string | undefined): void {
  const write = writerOf(call);
  const unused = held.filter(({ advisedDepth }) => advisedDepth === undefined);
  if (unused.length === 0) return;
  call.io.out('\n');
  write(`Not needed: ${unused.length} privileges\n`);
  for (const { name, depth, roles, lastUsed } of unused) {
    const age = lastUsed ?? (since === undefined ? 'not used' : `not since ${since}`);
    write(`  ${name} ${depth}   ${age}   ${roles.join(', ')}\n`);
  }
}

/** Makes the roles, and where `--switch` says so puts them in the place of today's; or only shows how. */
async function makeRoles(call: CommandCall, advice: Advice): Promise<void> {
  const { session, isSet, output } = call;
  const operations = [...advice.makeRoles, ...(isSet('switch') ? advice.switchRoles : [])];
  if (operations.length === 0) throw usageError('there is nothing to make: no request was found');
  const isDone = isSet('yes');
  if (isDone) await carryOut(session, operations);
  if (isSet('json')) return output.json({ operations, applied: isDone });
  showOperations(call, operations);
  if (!isDone) call.io.out('nothing was changed; --yes carries it out\n');
}

function showOperations(call: CommandCall, operations: readonly FixOperation[]): void {
  const write = writerOf(call);
  const language = languageOfCall(call);
  for (const { preview, method, path } of operations) write(`${preview[language]}   (${method} ${path})\n`);
}
