import { conditionsOf } from '../../../src/explain/chains.ts';
import type { Gate } from '../../../src/explain/condition.ts';
import type { Answer } from '../../support/client.ts';
import { rowsOf } from '../../support/odata.ts';
import { type Breakage, breakages } from './breakages.ts';
import type { Asked, World } from './world.ts';

/** Settings of a server that the self-test may ask for tokens as often as it wants. */
export const selfTestSettings = { PORTVAKT_TRUSTED_PROXIES: '127.0.0.1,::1' };

export interface SelfTest {
  /** Conditions and tables that were tried together. */
  readonly cases: number;
  readonly tables: number;
  readonly conditions: number;
  /** Cases in which something was not as it must be, in words. */
  readonly exceptions: readonly string[];
}

/**
 * For every condition and every table: break it, see the denial, ask for the explanation, carry out its first fix by the
 * command line, and the same request is allowed.
 */
export async function runSelfTest(world: World, tablesOfEach: number): Promise<SelfTest> {
  const tables = await world.tables();
  const exceptions: string[] = [];
  let cases = 0;
  for (const [index, breakage] of breakages.entries()) {
    const fitting = tables.filter((asked) => breakage.isFor?.(asked) !== false);
    for (const asked of chosen(fitting, tablesOfEach, index)) {
      cases += 1;
      const where = `${breakage.condition} (${breakage.name}) of ${asked.table.logicalName}`;
      try {
        await tryOne(world, breakage, asked);
      } catch (error) {
        exceptions.push(`${where}: ${error instanceof Error ? error.message : error}`);
      }
      await settle(world, breakage, asked, where, exceptions);
    }
  }
  const conditions = new Set(breakages.map(({ condition }) => condition)).size;
  return { cases, tables: tables.length, conditions, exceptions };
}

/** Where the break was. */
const gateOf = ({ condition }: Breakage): Gate | undefined =>
  conditionsOf('request').find(({ id }) => id === condition)?.gate;

/** Some of them, other ones for each condition. */
const chosen = (tables: readonly Asked[], count: number, offset: number): readonly Asked[] =>
  tables.length <= count
    ? tables
    : Array.from({ length: count }, (_, at) => tables[(offset * 7 + at * 13) % tables.length] as Asked);

async function tryOne(world: World, breakage: Breakage, asked: Asked): Promise<void> {
  const { table, hasRows } = asked;
  const select = `$select=${table.primaryKey.name}`;
  const ask = () => breakage.ask?.(world, asked) ?? world.ask(`${table.entitySetName}?$top=1&${select}`);
  const isAllowed = (answer: Answer): boolean => answer.status === 200 && (rowsOf(answer).length > 0 || !hasRows);
  const before = await ask();
  if (!isAllowed(before)) throw new Error(`it was not allowed before: ${before.status} ${before.text}`);
  await breakage.break(world, asked);
  world.forgetToken();
  const denied = await ask();
  if (isAllowed(denied)) throw new Error('nothing was denied');
  const id = denied.headers['req_id'] ?? denied.headers['x-ms-request-id'];
  if (id === undefined) throw new Error(`the denial names no request: ${denied.status} ${denied.text}`);
  const fixed = await mended(world, id);
  if (fixed.condition !== breakage.condition) throw new Error(`explained by ${fixed.condition}; ${denied.text}`);
  follow(world, fixed);
  world.forgetToken();
  const after = await ask();
  if (!isAllowed(after)) {
    throw new Error(`after ${fixed.fix.title.en} it is still refused: ${after.status} ${after.text.slice(0, 300)}`);
  }
}

/** Explains the request and carries out the first fix. Allowed reads are in the log within a second. */
async function mended(world: World, id: string): Promise<Fixed> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await world.command('explain', id, '--fix', '--yes')) as Fixed;
    } catch (error) {
      if (attempt === 30 || !String(error).includes('requestUnknown')) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

interface Fixed {
  /** The first one that was not met. */
  readonly condition: string;
  readonly fix: { readonly title: { readonly en: string }; readonly clientSends?: Readonly<Record<string, string>> };
  readonly answers: readonly unknown[];
}

/** What only the client can do. */
function follow({ sends }: World, { fix: { clientSends = {} }, answers }: Fixed): void {
  const { client_id: clientId, tenant, scope } = clientSends;
  if (clientId !== undefined) sends.clientId = clientId;
  if (tenant !== undefined) sends.tenant = tenant;
  if (scope !== undefined) sends.scope = scope;
  const made = answers.find(
    (answer): answer is { secretText: string } => typeof (answer as { secretText?: unknown })?.secretText === 'string',
  );
  if (made !== undefined) sends.secret = made.secretText;
}

async function settle(
  world: World,
  breakage: Breakage,
  asked: Asked,
  where: string,
  exceptions: string[],
): Promise<void> {
  try {
    await breakage.after?.(world, asked);
    await world.restore(gateOf(breakage));
  } catch (error) {
    exceptions.push(`${where}: it could not be taken back: ${error instanceof Error ? error.message : error}`);
  }
}
