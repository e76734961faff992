import type { CanIAnswer } from '../../../src/can-i/answers.ts';
import type { Answer } from '../../support/client.ts';
import { rowsOf } from '../../support/odata.ts';
import type { Member } from '../../support/security-world.ts';
import type { EmptyServer } from '../../support/server.ts';
import { Dice } from '../gate-one/organisation.ts';
import { CanIWorld, companies, type Target, targets } from './world.ts';

export interface CanIOrder {
  readonly requests: number;
  readonly seed: number;
}

export interface CanIComparison {
  readonly requests: number;
  readonly changes: number;
  /** Outcome, and condition where it is refused -> how often. */
  readonly outcomes: ReadonlyMap<string, number>;
  readonly disagreements: readonly string[];
}

interface Request {
  readonly options: Readonly<Record<string, string>>;
  readonly path: string;
  readonly method: string;
  readonly body?: object;
}

/**
 * Random requests over HTTPS, each asked about before it is made: what was told is compared with what comes. Between them
 * rights change at random. Nothing but rights can refuse these requests.
 */
export async function compareCanI(server: EmptyServer, { requests, seed }: CanIOrder): Promise<CanIComparison> {
  const world = await CanIWorld.open(server);
  const dice = new Dice(seed);
  const outcomes = new Map<string, number>();
  const disagreements: string[] = [];
  let changes = 0;
  for (let done = 0; done < requests; done++) {
    for (; dice.chance(30); changes++) await world.change(dice);
    const target = dice.pick(targets);
    const member = dice.pick(world.members);
    const request = makeRequest(world, dice, member, target);
    const told = await world.canI(request.options);
    const { path, method, body } = request;
    const headers: Record<string, string> = method === 'PATCH' ? { 'if-match': '*' } : {};
    const answer = await world.send(member, path, { method, headers, ...(body !== undefined && { body }) });
    const outcome = told.outcome === 'refused' ? `refused: ${told.firstFailed}` : told.outcome;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    if (!agrees(told, answer, request)) {
      disagreements.push(`${outcome}, but ${answer.status} ${answer.text.slice(0, 200)}: ${JSON.stringify(request)}`);
    }
    const made = method === 'POST' ? /\(([^()]+)\)$/.exec(answer.headers['odata-entityid'] ?? '')?.[1] : undefined;
    if (made !== undefined) world.addRow(target, made);
  }
  return { requests, changes, outcomes, disagreements };
}

function makeRequest(world: CanIWorld, dice: Dice, { clientId }: Member, target: Target): Request {
  const { table, set, columns, creates, changes, deletes } = target;
  const asked = { clientId, table };
  const named = dice.chance(60);
  const select = named ? `$select=${columns.join(',')}` : '';
  const ofColumns = named ? { columns: columns.join(',') } : {};
  const kinds: (() => Request)[] = [
    () => ({ options: { ...asked, right: 'read', ...ofColumns }, path: `${set}?${select}`, method: 'GET' }),
    () => {
      const row = world.row(dice, target);
      return {
        options: { ...asked, right: 'read', row, ...ofColumns },
        path: `${set}(${row})?${select}`,
        method: 'GET',
      };
    },
  ];
  if (creates !== undefined) {
    kinds.push(() => {
      const company = dice.pick(companies);
      const body = creates(company, world.mark());
      const written = Object.keys(body).filter((name) => name !== 'mshr_dataareaid');
      const ofCompany = 'mshr_dataareaid' in body ? { company } : {};
      const options = { ...asked, right: 'create', columns: written.join(','), ...ofCompany };
      return { options, path: set, method: 'POST', body };
    });
  }
  if (changes !== undefined) {
    kinds.push(() => {
      const row = world.row(dice, target);
      const options = { ...asked, right: 'write', row, columns: Object.keys(changes).join(',') };
      return { options, path: `${set}(${row})`, method: 'PATCH', body: changes };
    });
  }
  if (deletes === true && dice.chance(30)) {
    kinds.push(() => {
      const row = world.row(dice, target);
      return { options: { ...asked, right: 'delete', row }, path: `${set}(${row})`, method: 'DELETE' };
    });
  }
  return dice.pick(kinds)();
}

/** Status and code of each condition (docs/refusals.md); whatever is not here is `400 0x80040265`, the second gate's. */
const codes: Readonly<Record<string, readonly string[]>> = {
  'application-user': ['403 0x80072560'],
  'user-enabled': ['403 0x80040225'],
  roles: ['403 0x80042f09'],
  // The second: a maker who could not read what is theirs.
  privilege: ['403 0x80040220', '403 0x80040231'],
  depth: ['403 0x80048306'],
  column: ['403 0x8004f502', '403 0x8004f507'],
};
const ofSecondGate = ['400 0x80040265'];

/** A list that shows nothing is allowed; so `rows` must tell how many it shows. */
function agrees(told: CanIAnswer, answer: Answer, { method, options }: Request): boolean {
  const answered = `${answer.status} ${codeOf(answer)}`;
  switch (told.outcome) {
    case 'allowed':
      // Whether what is written is left by policies is up to its values, and was said to be.
      if (method !== 'GET' && told.unknown.includes('policy') && ofSecondGate.includes(answered)) return true;
      if (answer.status >= 300) return false;
      return method !== 'GET' || 'row' in options || rowsOf(answer).length === shownOf(told);
    case 'not found':
      return answer.status === 404;
    default:
      return (codes[String(told.firstFailed)] ?? ofSecondGate).includes(answered);
  }
}

/** Rows that are left by every condition. */
const shownOf = ({ rows }: CanIAnswer): number | undefined => rows && (rows.losses.at(-1)?.remaining ?? rows.all);

function codeOf(answer: Answer): string {
  const { error } = (answer.text === '' ? {} : answer.json()) as { error?: { code?: string } };
  return error?.code ?? '';
}
