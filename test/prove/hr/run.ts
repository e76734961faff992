import { createBuiltInProvider } from '../../../src/adapter/providers/built-in.ts';
import { runAsHrUser } from '../../../src/adapter/run-as-hr-user.ts';
import { administrationRow } from '../../../src/hr/administration-row.ts';
import { buildHrSnapshot } from '../../../src/hr/build-snapshot.ts';
import { administrationTable } from '../../../src/hr/hr-rows.ts';
import type { HrSnapshot } from '../../../src/hr/hr-snapshot.ts';
import { type ClientId, type Guid, getGuid } from '../../../src/kernel/ids.ts';
import { silentProbe } from '../../../src/kernel/probe.ts';
import { Refusal } from '../../../src/kernel/refusal.ts';
import type { Model } from '../../../src/metadata/table.ts';
import { Differences } from '../../../src/odata/fidelity.ts';
import { type ParsedRequest, parseOperation } from '../../../src/odata/parse-operation.ts';
import type { OperationResult } from '../../../src/odata/result.ts';
import type { RowStore } from '../../../src/odata/row-store.ts';
import { entityHooks } from '../../../src/recruiting/entities/all.ts';
import { compileEntityRules, type EntityRules } from '../../../src/recruiting/entity-rules.ts';
import type { AdapterWorld } from '../../adapter/adapter-world.ts';
import { grantOf } from '../../hr/operations.ts';
import { someAsking } from '../../odata/parse-request.ts';
import { Dice } from '../queries/make.ts';
import { type Answered, type Read, randomRead } from './asks.ts';
import { type NoSession, openSession, type Session } from './oracle.ts';
import { clientIds, type Organisation, randomOrganisation } from './organisation.ts';
import { type Entity, entityFacts, readStored, type Stored } from './world.ts';
import { endOf, randomWrite, type Write } from './writes.ts';

export interface HrFigures {
  readonly decisions: number;
  readonly organisations: number;
  readonly ends: ReadonlyMap<string, number>;
  readonly disagreements: readonly string[];
}

export interface HrRun {
  readonly decisions: number;
  readonly seed: number;
  /** What the product is shown instead of an organisation's rows: a planted fault. Ends at the first disagreement. */
  readonly fault?: (all: Organisation) => Organisation;
}

/** Decisions about one random organisation before the next one. */
const perOrganisation = 20;
const appName = 'An application';

/** Random decisions of gate two, compared with the oracle, reads and writes over the wire's own syntax down to rows. */
export async function compareGateTwo(world: AdapterWorld, { decisions, seed, fault }: HrRun): Promise<HrFigures> {
  const stored = await readStored(world);
  const rules = compileEntityRules(world.model, entityHooks);
  const dice = new Dice(seed);
  const ends = new Map<string, number>();
  const disagreements: string[] = [];
  let organisations = 0;
  const isOver = () => fault !== undefined && disagreements.length > 0;
  for (let done = 0; done < decisions && !isOver(); ) {
    const all = randomOrganisation(dice);
    const product = new Product(world, rules, snapshotOf(world.model, fault?.(all) ?? all));
    organisations++;
    // Side by side, as requests come. Each draws its dice before it waits for anything, so a seed means the same.
    const compared = Array.from({ length: Math.min(perOrganisation, decisions - done) }, async () => {
      // The last one has no link.
      const clientId = dice.chance(0.03) ? (clientIds.at(-1) ?? '') : dice.of(clientIds.slice(0, -1));
      const session = openSession(all, clientId, appName);
      const { end, difference } = await decide({ dice, stored, product, clientId, session });
      ends.set(end, (ends.get(end) ?? 0) + 1);
      if (difference !== undefined) disagreements.push(`organisation ${organisations}, ${clientId}: ${difference}`);
    });
    await Promise.all(compared);
    done += compared.length;
  }
  return { decisions, organisations, ends, disagreements };
}

function snapshotOf(model: Model, all: Organisation): HrSnapshot {
  return buildHrSnapshot((set) => {
    const table = administrationTable(model, set);
    return (all[set] ?? []).map((named) => {
      const values = administrationRow(table, named);
      return { id: getGuid(String(values.get(table.primaryKey))), version: 1n, values };
    });
  });
}

interface Decision {
  readonly dice: Dice;
  readonly stored: Stored;
  readonly product: Product;
  readonly clientId: string;
  readonly session: Session | NoSession;
}

interface Compared {
  readonly end: string;
  readonly difference: string | undefined;
}

const differ = (end: string, asked: string, found: unknown, wanted: unknown): Compared => {
  const [left, right] = [JSON.stringify(found), JSON.stringify(wanted)];
  return { end, difference: left === right ? undefined : `${asked}: ${left}, not ${right}` };
};

async function decide({ dice, stored, product, clientId, session }: Decision): Promise<Compared> {
  if ('refused' in session) {
    const read = randomRead(dice, stored);
    return differ(session.refused, read.path, await product.read(clientId, read), noSessionText(session));
  }
  if (dice.chance(0.4)) {
    const write = randomWrite(dice, stored, session);
    const wanted = endOf(session, write, stored);
    const found = await product.write(clientId, write);
    const asked = `${write.method} ${write.path} ${JSON.stringify(write.body)}`;
    return differ(`write: ${wanted.kind}`, asked, found, writeText(session, write, wanted));
  }
  const read = randomRead(dice, stored);
  const denied = readDenial(session, read);
  const found = await product.read(clientId, read);
  return differ(
    denied === undefined ? 'read: rows' : 'read: refused',
    decodeURIComponent(read.path),
    found,
    denied ?? read.expected(session, stored),
  );
}

function noSessionText({ refused, name, norwegian }: NoSession): string {
  if (refused === 'V1') return norwegian ? 'Et token ble hentet' : 'A token was obtained';
  if (refused === 'V2') return norwegian ? `Finner ikke brukeren ${name} i` : `User ${name} was not found`;
  return norwegian ? `brukeren ${name} er deaktivert` : `user ${name} is disabled`;
}

const verbs = {
  Read: ['select', 'velge'],
  Update: ['update', 'oppdatere'],
  Create: ['insert', 'sette inn'],
  Delete: ['delete', 'slette'],
} as const;

/** The beginning of every refusal of the data, by which the oracle tells them apart together with `reason`. */
function deniedText(session: Session, level: keyof typeof verbs, entity: Entity, reason: keyof typeof reasons): string {
  const [english, norwegian] = verbs[level];
  const name = String(session.user['UserName'] || session.user['UserID']);
  const table = entityFacts[entity].shown;
  const who = session.norwegian
    ? `Bruker ${name} har ikke tillatelse til å ${norwegian} en post i tabellen ${table}`
    : `User ${name} is not authorized to ${english} a record in table ${table}`;
  return `${who} ${reason}`;
}

/** Words that only one kind of refusal has, in both languages. */
const reasons = {
  level: /tilstrekkelig tillatelse til å|authorization to/,
  company: /i den juridiske enheten|in legal entity/,
  policy: /sikkerhetspolicy|security policy/,
  column: /til feltet|for field/,
};

function readDenial(session: Session, read: Read): string | undefined {
  for (const entity of read.entities)
    if (!session.holds(entity, 'Read')) return deniedText(session, 'Read', entity, 'level');
  for (const [entity, column] of read.columns) {
    if (!session.mayUse(entity, column, 'Read')) return `${deniedText(session, 'Read', entity, 'column')} ${column}`;
  }
  return undefined;
}

function writeText(session: Session, { level, entity }: Write, end: ReturnType<typeof endOf>): string {
  if (end.kind === 'done') return 'done';
  if (end.kind === 'not there') return '404';
  if (end.kind === 'named not there') return 'named not there';
  if ('ofPerson' in end) return deniedText(session, end.ofPerson, 'person', 'policy');
  const text = deniedText(session, level, entity, end.kind);
  return end.kind === 'column' ? `${text} ${end.column}` : text;
}

/** Undoes what was written, and carries the answer out. */
class Rollback extends Error {
  readonly answer: string;
  constructor(answer: string) {
    super('rolled back');
    this.answer = answer;
  }
}

/** The product, from the text of a request to the text of its answer. */
class Product {
  readonly #world: AdapterWorld;
  readonly #rules: EntityRules;
  readonly #snapshot: HrSnapshot;

  constructor(world: AdapterWorld, rules: EntityRules, snapshot: HrSnapshot) {
    this.#world = world;
    this.#rules = rules;
    this.#snapshot = snapshot;
  }

  async read(clientId: string, read: Read): Promise<unknown> {
    try {
      return read.reduce(await this.#rows(clientId, read));
    } catch (error) {
      return refusalText(error);
    }
  }

  async #rows(clientId: string, { path, pageSize }: Read): Promise<Answered> {
    const rows: Record<string, unknown>[] = [];
    let count: number | undefined;
    const parsed = this.#parse(
      'GET',
      path,
      {},
      pageSize === undefined ? {} : { prefer: `odata.maxpagesize=${pageSize}` },
    );
    let { operation } = parsed;
    for (;;) {
      const result = await this.#run(clientId, { ...parsed, operation }, this.#world.opened.store);
      if (result.kind === 'count') return { rows, count: result.count };
      if (result.kind === 'row') return { rows: [JSON.parse(result.row ?? 'null')], count };
      if (result.kind === 'flat') return { rows: flatRows(parsed, result), count };
      if (result.kind !== 'page') throw new TypeError(result.kind);
      rows.push(...result.page.rows.map((row) => JSON.parse(row)));
      count ??= result.page.count;
      const { next } = result.page;
      if (next === undefined || pageSize === undefined || operation.kind !== 'retrieveMultiple') return { rows, count };
      operation = { ...operation, query: { ...operation.query, after: next } };
    }
  }

  async write(clientId: string, { method, path, body }: Write): Promise<string> {
    const headers: Record<string, string> = method === 'PATCH' ? { 'if-match': '*' } : {};
    const parsed = this.#parse(method, path, body, headers);
    try {
      await this.#world.opened.store.together(async (inside) => {
        await this.#run(clientId, parsed, inside);
        throw new Rollback('done');
      });
      return 'committed';
    } catch (error) {
      return error instanceof Rollback ? error.answer : refusalText(error);
    }
  }

  #parse(
    method: string,
    url: string,
    body: Readonly<Record<string, string>>,
    headers: Record<string, string>,
  ): ParsedRequest {
    const [path = '', query = ''] = url.split(/\?(.*)/s, 2);
    const isWrite = method === 'POST' || method === 'PATCH';
    return parseOperation({
      model: this.#world.model,
      method,
      path,
      query,
      headers: isWrite ? { 'content-type': 'application/json', ...headers } : headers,
      body: Buffer.from(isWrite ? JSON.stringify(body) : ''),
      apiRoot: 'https://org.example/api/data/v9.2/',
      differences: new Differences('extended'),
      asking: someAsking(),
    });
  }

  #run(clientId: string, { operation }: ParsedRequest, store: RowStore): Promise<OperationResult> {
    const provider = createBuiltInProvider({ store, rules: this.#rules });
    const deps = { hrSecurity: { current: this.#snapshot }, provider, probe: silentProbe };
    const caller = { clientId: getGuid<Guid & ClientId>(clientId), appName };
    return runAsHrUser(deps, caller, grantOf(operation), new Differences('extended'));
  }
}

/** Joined rows with the names of their values. */
function flatRows(
  { operation }: ParsedRequest,
  { page }: Extract<OperationResult, { kind: 'flat' }>,
): Record<string, unknown>[] {
  const outputs = operation.kind === 'flat' ? operation.query.outputs : [];
  return page.rows.map(({ values }) => Object.fromEntries(outputs.map(({ name }, at) => [name, values[at]])));
}

/** A refusal in the oracle's words; a fault is nobody's answer. */
function refusalText(error: unknown): string {
  if (!(error instanceof Refusal)) throw error;
  const { status, code, message } = error.problem;
  if (status === 404) return '404';
  if (status !== 400 || code !== '0x80040265') return `${status} ${code} ${message}`;
  if (/i den relaterte tabellen|in the related table/.test(message)) return 'named not there';
  const known = ['Et token ble hentet', 'A token was obtained'].find((text) => message.startsWith(text));
  if (known !== undefined) return known;
  const start =
    /^(Finner ikke brukeren .* i(?= Finance)|User .* was not found|brukeren .* er deaktivert|user .* is disabled)/.exec(
      message,
    );
  if (start !== null) return start[0];
  const kind = (Object.keys(reasons) as (keyof typeof reasons)[]).find((name) => reasons[name].test(message));
  const who = /^.*? (?:in table|i tabellen) \w+/.exec(message)?.[0];
  const column = /(?:for field '|til feltet )(\w+)/.exec(message)?.[1];
  return `${who} ${kind}${column === undefined ? '' : ` ${column.replace(/^_(\w+)_value$/, '$1')}`}`;
}
