import { builtInModel } from '../../../src/metadata/built-in.ts';
import type { Column, Table } from '../../../src/metadata/table.ts';
import { encodeSkipToken } from '../../../src/odata/skip-token.ts';
import type { Connection, Who } from '../../support/connection.ts';
import { bodyOf, rowsOf, type WireRow } from '../../support/odata.ts';
import { type Asked, type AskedExpand, Dice, QueryMaker } from './make.ts';
import { select } from './oracle.ts';
import { printQuery } from './print.ts';
import { idOf, readWorld, type World } from './world.ts';

export interface QueryFigures {
  readonly asked: number;
  /** Of these, answers with rows. */
  readonly withRows: number;
  /** Answers that are not the oracle's. */
  readonly differences: readonly string[];
  /** Answers with a row that the user may not see. */
  readonly leaks: readonly string[];
}

export interface QueryRun {
  readonly queries: number;
  readonly seed: number;
}

/** Legal entity that the demo ATS is kept to, so that the second gate has something to hide. */
const onlyCompany = 'no01';
const askers: readonly Who[] = ['admin', 'ats', 'ats'];
/** Requests under way at once. */
const lanes = 6;

/** Asks random queries as users who may see all and a part, and compares each answer with the oracle's. */
export async function compareQueries(connection: Connection, { queries, seed }: QueryRun): Promise<QueryFigures> {
  await keepToCompany(connection);
  const model = builtInModel();
  const worlds = new Map<Who, World>();
  for (const who of new Set(askers)) worlds.set(who, await readWorld(connection, model, who));
  const figures = { asked: 0, withRows: 0, differences: [] as string[], leaks: [] as string[] };
  const lane = async (number: number): Promise<void> => {
    const dice = new Dice(seed + number * 7919);
    for (let at = number; at < queries; at += lanes) {
      const who = dice.of(askers);
      const world = worlds.get(who);
      if (world === undefined) throw new Error(`no world of ${who}`);
      const made = new QueryMaker(world, dice, () => new Date()).query();
      const place = dice.chance(0.05) ? forgedPlace(worlds.get('admin'), made.table, dice) : undefined;
      const asked =
        place === undefined ? made : { ...made, order: [], expand: [], top: undefined, pageSize: undefined };
      const found = await ask(connection, who, asked, place);
      figures.asked++;
      if (typeof found !== 'string' && found.rows.length > 0) figures.withRows++;
      const seen = new Set(world.rowsOf(asked.table).map((row) => idOf(asked.table, row)));
      const stranger =
        typeof found === 'string' ? undefined : found.rows.find((row) => !seen.has(idOf(asked.table, row)));
      if (stranger !== undefined) figures.leaks.push(`${who} ${printQuery(asked)}`);
      const difference = differenceOf(found, expected(world, asked, place), asked);
      if (difference !== undefined)
        figures.differences.push(
          `${who} ${decodeURIComponent(printQuery(asked))} (page ${asked.pageSize}): ${difference}`,
        );
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, number) => lane(number)));
  return figures;
}

/** A place that a client made up: behind any row there is, whoever may see it. */
function forgedPlace(all: World | undefined, table: Table, dice: Dice): string | undefined {
  const rows = all?.rowsOf(table) ?? [];
  return rows.length === 0 ? undefined : idOf(table, dice.of(rows));
}

async function keepToCompany(connection: Connection): Promise<void> {
  const body = {
    UserId: 'RekrutteringIntegrasjon',
    SecurityRoleIdentifier: 'HcmRecruitingIntegrator',
    OrganizationType: 'LegalEntity',
    OrganizationId: onlyCompany,
  };
  const answer = await connection.data('SecurityUserRoleOrganizations', { method: 'POST', body });
  if (answer.status !== 201) throw new Error(`the ATS is not restricted: ${answer.status} ${answer.text}`);
}

interface Found {
  readonly rows: readonly WireRow[];
  readonly count: unknown;
}

/** All rows of a query, page by page where it is paged; the text of the answer when it is a refusal. */
async function ask(connection: Connection, as: Who, asked: Asked, place: string | undefined): Promise<Found | string> {
  const headers: Record<string, string> =
    asked.pageSize === undefined ? {} : { prefer: `odata.maxpagesize=${asked.pageSize}` };
  const rows: WireRow[] = [];
  let count: unknown;
  let path: string | undefined = printQuery(asked);
  if (place !== undefined) path += `${path.includes('?') ? '&' : '?'}$skiptoken=${encodeSkipToken(2, [place])}`;
  while (path !== undefined) {
    const answer = await connection.api(path, { as, headers });
    if (answer.status !== 200) return `${answer.status} ${answer.text}`;
    const body = bodyOf(answer);
    const page = rowsOf(body['value']);
    if (asked.pageSize !== undefined && page.length > asked.pageSize) return `a page of ${page.length} rows`;
    rows.push(...page);
    count ??= body['@odata.count'];
    const next: unknown = body['@odata.nextLink'];
    path = typeof next === 'string' ? next.slice(`${connection.url}/api/data/v9.2/`.length) : undefined;
  }
  return { rows, count };
}

function expected(world: World, asked: Asked, place: string | undefined): Found {
  const { table, where, order, top, columns } = asked;
  const met = select(world, table, world.rowsOf(table), where, order);
  const isNested = asked.expand.some(({ inner }) => inner !== undefined);
  const pageSize = isNested ? asked.pageSize : undefined;
  const behind = place === undefined ? met : met.filter((row) => idOf(table, row) > place);
  const rows = behind.slice(0, top).map((row) => ({
    ...pick(row, table, columns),
    ...Object.fromEntries(
      asked.expand.map((expand) => [expand.navigation.name, expandOf(world, row, expand, pageSize)]),
    ),
  }));
  return { rows, count: asked.counted ? met.length : undefined };
}

function pick(row: WireRow, table: Table, columns: readonly Column[] | undefined): WireRow {
  const shown = columns ?? [...table.property.values()];
  const names = [table.primaryKey.property, ...shown.map((column) => column.property)];
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}

function expandOf(world: World, row: WireRow, expand: AskedExpand, pageSize: number | undefined): unknown {
  const { navigation, columns, where, order, top, inner } = expand;
  const { target } = navigation;
  const rows = select(world, target, world.related(row, navigation), where, order)
    .slice(0, navigation.kind === 'single' ? 1 : (top ?? pageSize))
    .map((each) => ({ ...pick(each, target, columns), ...(inner && { [inner.name]: innerOf(world, each, inner) }) }));
  return navigation.kind === 'single' ? (rows[0] ?? null) : rows;
}

function innerOf(world: World, row: WireRow, inner: NonNullable<AskedExpand['inner']>): WireRow | null {
  const [target] = world.related(row, inner);
  return target === undefined ? null : pick(target, inner.target, [inner.target.primaryName]);
}

function differenceOf(found: Found | string, wanted: Found, { counted }: Asked): string | undefined {
  if (typeof found === 'string') return found;
  if (counted && found.count !== wanted.count) return `count ${String(found.count)}, not ${String(wanted.count)}`;
  if (found.rows.length !== wanted.rows.length) return `${found.rows.length} rows, not ${wanted.rows.length}`;
  for (const [at, row] of wanted.rows.entries()) {
    const [own, other] = [plain(found.rows[at]), plain(row)];
    if (own !== other) return `row ${at} is ${own}, not ${other}`;
  }
  return undefined;
}

/** A row without annotations, its members in order of their names. */
const plain = (row: unknown): string =>
  JSON.stringify(row, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !name.includes('@'))
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  });
