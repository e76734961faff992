import type { Fix } from '../../explain/condition.ts';
import type { Explanation } from '../../explain/explanation.ts';
import { carryOut } from '../carry-out.ts';
import { CliError, exitCodes, usageError } from '../cli-error.ts';
import type { CommandCall, CommandSpec } from '../command.ts';
import { isGuid } from '../lookups.ts';
import { parseRow, parseRows, type Session } from '../session.ts';
import { showCondition } from '../show-condition.ts';
import { languageOfCall, writerOf } from '../told-text.ts';

/** Why a request was refused, and how to have it allowed. */
export const explainCommand: CommandSpec = {
  usage: 'explain [id]',
  summary: 'Why a request was refused: every condition of both gates, the first that is not met, and how to mend it',
  options: [
    ['--last', 'The newest request that was refused'],
    ['--fix', 'Shows what the first fix changes; changes nothing without --yes'],
    ['--yes', 'With --fix: carries it out'],
    ['--language <language>', 'en or nb (default: en)'],
  ],
  examples: [
    'portvakt explain 0197f3c2-…',
    'portvakt explain --last',
    'portvakt explain --last --fix --yes',
    'portvakt explain 0197f3c2-… --json',
  ],
  run: explain,
};

async function explain(call: CommandCall): Promise<void> {
  const { session, output, isSet } = call;
  if (isSet('yes') && !isSet('fix')) throw usageError('--yes goes with --fix', 'portvakt explain <id> --fix --yes');
  const explanation = await readExplanation(session, await idOf(call));
  if (isSet('fix')) return mend(call, explanation);
  if (isSet('json')) output.json(explanation);
  else show(call, explanation);
}

async function idOf({ session, words, isSet }: CommandCall): Promise<string> {
  const id = words[0]?.trim();
  if (id !== undefined && isSet('last')) throw usageError('an id and --last cannot both be given');
  if (id !== undefined) {
    if (isGuid(id)) return id;
    throw usageError(
      `${id} is not the id of a request`,
      'it is a header of the answer: REQ_ID, request-id, x-ms-request-id',
    );
  }
  if (!isSet('last')) throw usageError('no request is named', 'portvakt explain <id>, or portvakt explain --last');
  const page = parseRow(await session.portvakt('audit?outcome=denied&top=1'));
  const [entry] = parseRows(page['value']);
  if (entry === undefined) throw new CliError('no request has been refused yet', exitCodes.refused);
  return String(entry['requestId']);
}

/** @throws CliError when the server knows no such request */
async function readExplanation(session: Session, id: string): Promise<Explanation> {
  return parseRow(await session.portvakt(`explain/${id}`)) as unknown as Explanation;
}

function show(call: CommandCall, explanation: Explanation): void {
  const write = writerOf(call);
  const language = languageOfCall(call);
  const { request, conditions, decidedThen, hasChanged, firstFailed } = explanation;
  const what = [request.method, request.table ?? request.message ?? request.resource].filter(Boolean).join(' ');
  write(
    `${request.time} ${request.surface} ${what}: ${request.outcome}, ${request.status ?? ''} ${request.code ?? ''}\n`,
  );
  if (request.reason !== undefined) write(`${request.reason}\n`);
  call.io.out('\n');
  for (const condition of conditions) showCondition(call, condition, language);
  if (decidedThen !== undefined && hasChanged) {
    call.io.out('\n');
    const now = firstFailed === undefined ? 'nothing is missing now' : `now it would be for ${firstFailed}`;
    write(`It was refused for ${decidedThen.condition}; ${now}.\n`);
  }
}

/** Carries out, or only shows, the first fix. */
async function mend(call: CommandCall, { conditions, firstFailed }: Explanation): Promise<void> {
  const { session, output, isSet } = call;
  const write = writerOf(call);
  const language = languageOfCall(call);
  const failed = conditions.find(({ id }) => id === firstFailed);
  if (failed === undefined) throw new CliError('nothing is missing now: send the request again', exitCodes.refused);
  const [fix] = failed.fixes;
  if (fix === undefined) throw new CliError(`no fix is known for ${failed.id}`, exitCodes.refused);
  const { operations } = fix;
  const isDone = isSet('yes');
  const answers = isDone ? await carryOutFix(session, fix) : [];
  if (isSet('json')) return output.json({ condition: failed.id, fix, applied: isDone, answers });
  write(`${fix.title[language]}\n`);
  for (const { preview, method, path } of operations) write(`  ${preview[language]}   (${method} ${path})\n`);
  for (const [name, value] of Object.entries(fix.clientSends ?? {})) write(`  the client sends ${name}: ${value}\n`);
  for (const secret of answers.flatMap(secretsOf)) write(`  ${secret}\n`);
  if (fix.waitSeconds !== undefined) write(`  ${isDone ? 'waited' : 'wait'} ${fix.waitSeconds} seconds\n`);
  if (!isDone) write('nothing was changed; --yes carries it out\n');
}

async function carryOutFix(session: Session, { operations, waitSeconds }: Fix): Promise<readonly unknown[]> {
  const answers = await carryOut(session, operations);
  if (waitSeconds !== undefined) await new Promise((resolve) => setTimeout(resolve, waitSeconds * 1000));
  return answers;
}

/** A new secret is told this once. */
function secretsOf(answer: unknown): readonly string[] {
  const secret =
    typeof answer === 'object' && answer !== null && 'secretText' in answer ? answer.secretText : undefined;
  return secret === undefined ? [] : [`clientSecret: ${secret}`];
}
