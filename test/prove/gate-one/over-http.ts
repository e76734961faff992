import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../src/config.ts';
import { parseEnvLines } from '../../../src/kernel/env-file.ts';
import { silentLog } from '../../../src/kernel/log.ts';
import { findFreePort } from '../../../src/primary.ts';
import { type RunningServer, startServer } from '../../../src/server.ts';
import { account, bank } from '../../definitions/change/apply.ts';
import { type Answer, type Ask, ask } from '../../support/client.ts';
import { requestToken } from '../../support/connection.ts';
import { register } from '../../support/register.ts';
import { type Outcome, predict, type Request } from './evaluator.ts';
import { Dice, makeOrganisation, type Organisation, type OwnedRow, type SecuredTable } from './organisation.ts';
import { makeGuid } from './run.ts';
import { writeOrganisation } from './write-organisation.ts';

const tables: readonly SecuredTable[] = [
  { name: 'new_account', owner: 'user' },
  { name: 'new_bank', owner: 'organization' },
  { name: 'mshr_hcmtitleentity', owner: 'organization' },
  { name: 'team', owner: 'businessUnit' },
];
const sets: Readonly<Record<string, string>> = {
  new_account: 'new_accounts',
  new_bank: 'new_banks',
  mshr_hcmtitleentity: 'mshr_hcmtitleentities',
  team: 'teams',
};
/** As many as an organisation has users at most, and one whom no environment knows. */
const applications = 9;
const requestsEach = 100;

export interface HttpOrder {
  readonly databaseUrl: string | undefined;
  readonly requests: number;
  readonly seed: number;
}

export interface HttpComparison {
  readonly requests: number;
  readonly organisations: number;
  readonly outcomes: ReadonlyMap<Outcome, number>;
  readonly disagreements: readonly string[];
}

/** An application with its token. */
interface App {
  readonly client: string;
  readonly object: string;
  readonly token: string;
}

/**
 * Random requests over HTTPS, each answer compared with what the evaluator predicts. The organisation's rows are written
 * into the stopped server's database, so that nothing of the product has a say in what it is.
 */
export async function compareOverHttp(order: HttpOrder): Promise<HttpComparison> {
  const dice = new Dice(order.seed);
  const place = await Place.make(order.databaseUrl);
  const outcomes = new Map<Outcome, number>();
  const disagreements: string[] = [];
  let organisations = 0;
  try {
    const apps = await place.setUp();
    for (let done = 0; done < order.requests; organisations++) {
      const organisation = withApps(
        makeOrganisation(dice, tables, () => makeGuid(dice)),
        apps,
      );
      await place.hold(organisation);
      for (let more = requestsEach; more > 0 && done < order.requests; more--, done++) {
        const { request, send } = makeRequest(dice, organisation, apps);
        const expected = predict(organisation, request);
        const told = await place.tell(apps, request, send);
        outcomes.set(expected, (outcomes.get(expected) ?? 0) + 1);
        if (!codesOf(expected, request).includes(told)) {
          disagreements.push(`${told}, not ${expected}: ${JSON.stringify({ request, send })}`);
        }
      }
    }
  } finally {
    await place.remove();
  }
  return { requests: order.requests, organisations, outcomes, disagreements };
}

const withApps = (organisation: Organisation, apps: readonly App[]): Organisation => ({
  ...organisation,
  users: organisation.users.map((user, at) => {
    const { client, object } = apps[at] ?? user;
    return { ...user, client, object };
  }),
});

/** Status and code of each outcome (dataverse-web-api 2.5, 3.8). */
function codesOf(outcome: Outcome, { actAs, needs, row }: Request): readonly string[] {
  switch (outcome) {
    case 'not a member':
      return ['403 0x80072560'];
    case 'user disabled':
      return ['403 0x80040225'];
    case 'may not act for others':
      return ['403 0x8004a110'];
    case 'unknown user':
      return [actAs?.by === 'object' ? '403 0x80072560' : '404 0x80040217'];
    case 'no role':
      // In another's name either of the two may be the one without.
      return actAs === undefined ? ['403 0x80042f09'] : ['403 0x80042f09', '403 0x80040220'];
    case 'lacks a privilege':
      return ['403 0x80040220'];
    case 'does not reach the row':
      // Of rows that belong to a unit it is not said that they are there (docs/refusals.md).
      return [row?.owned === true ? '403 0x80048306' : '404 0x80040217'];
    case 'allowed':
      // Nobody here has a user in Human Resources: the second gate refuses what the first lets through.
      return needs.some((need) => need.includes('mshr_')) ? ['400 0x80040265'] : ['200', '204'];
  }
}

interface Sent extends Ask {
  readonly path: string;
}

function makeRequest(dice: Dice, organisation: Organisation, apps: readonly App[]) {
  const { users, rows, teams } = organisation;
  const named = dice.pick(users);
  const by = dice.pick(['object', 'user'] as const);
  const actAs = { by, id: dice.chance(8) ? makeGuid(dice) : by === 'object' ? named.object : named.id };
  const stranger = apps.at(-1)?.client ?? '';
  const client = dice.chance(4) ? stranger : dice.pick(users).client;
  const about = dice.pick([
    () => listing(dice.pick(tables).name),
    () => creating(dice.pick(['new_bank', 'mshr_hcmtitleentity'])),
    ...Array.from(
      { length: 3 },
      () => () => onRow('new_account', dice.pick(rows), dice.pick(['read', 'write'] as const)),
    ),
    () => (teams.length === 0 ? listing('team') : onTeam(dice.pick(teams))),
  ])();
  const { send, ...what } = about;
  const request: Request = { client, ...(dice.chance(30) ? { actAs } : {}), ...what };
  return { request, send };
}

interface About extends Pick<Request, 'needs' | 'row'> {
  readonly send: Sent;
}

const listing = (name: string): About => ({ needs: [`read ${name}`], send: { path: `${sets[name]}?$top=1` } });

const creating = (name: string): About => ({
  needs: [`create ${name}`],
  send: { path: sets[name] ?? '', method: 'POST', body: {} },
});

function onRow(table: string, facts: OwnedRow, verb: 'read' | 'write'): About {
  const path = `${sets[table]}(${facts.id})`;
  const send: Sent =
    verb === 'read' ? { path } : { path, method: 'PATCH', headers: { 'if-match': '*' }, body: { new_name: 'x' } };
  return { needs: [`${verb} ${table}`], row: { verb, table, facts, owned: true }, send };
}

function onTeam({ id, unit }: Organisation['teams'][number]): About {
  const row = { verb: 'read', table: 'team', facts: { id, unit, owner: '', shares: [] }, owned: false } as const;
  return { needs: ['read team'], row, send: { path: `teams(${id})` } };
}

/** A data folder or database with a server that can be stopped and started. */
class Place {
  readonly #folder: string;
  readonly #databaseUrl: string | undefined;
  readonly #port: number;
  #server: RunningServer | undefined;
  #ca = '';

  private constructor(folder: string, databaseUrl: string | undefined, port: number) {
    this.#folder = folder;
    this.#databaseUrl = databaseUrl;
    this.#port = port;
  }

  static async make(databaseUrl: string | undefined): Promise<Place> {
    const folder = await mkdtemp(join(tmpdir(), 'portvakt-gate-one-'));
    return new Place(folder, databaseUrl, await findFreePort('127.0.0.1'));
  }

  /** Applications with secrets, two custom tables. Tokens outlive the server. */
  async setUp(): Promise<readonly App[]> {
    await this.#start();
    const env = parseEnvLines(await readFile(join(this.#folder, 'admin.env'), 'utf8'));
    const authority = env.get('AUTHORITY_URL') ?? '';
    const administrator = { id: env.get('ADMIN_CLIENT_ID') ?? '', secret: env.get('ADMIN_CLIENT_SECRET') ?? '' };
    const tokenOf = (who: typeof administrator, scope = `${this.#url}/.default`) =>
      requestToken(this.#ca, authority, who, scope);
    const token = await tokenOf(administrator);
    for (const body of [account, bank]) {
      const made = await this.#send({ path: 'EntityDefinitions', method: 'POST', body, token });
      if (made.status !== 204) throw new Error(made.text);
    }
    const graph = await tokenOf(administrator, 'https://graph.microsoft.com/.default');
    const apps: App[] = [];
    for (let at = 0; at < applications; at++) {
      const { objectId, ...credentials } = await register({ ca: this.#ca, url: this.#url }, graph, `App ${at}`);
      apps.push({ client: credentials.id, object: objectId, token: await tokenOf(credentials) });
    }
    return apps;
  }

  /** From now on the server holds this organisation, and none that it had before. */
  async hold(organisation: Organisation): Promise<void> {
    await this.#server?.close();
    const location =
      this.#databaseUrl === undefined
        ? ({ kind: 'sqlite', file: join(this.#folder, 'environments', 'nordlys.db') } as const)
        : ({ kind: 'postgres', url: this.#databaseUrl, schema: 'env_nordlys' } as const);
    await writeOrganisation(location, organisation);
    await this.#start();
  }

  async tell(apps: readonly App[], { client, actAs }: Request, send: Sent): Promise<string> {
    const token = apps.find((app) => app.client === client)?.token ?? '';
    const acting: Record<string, string> =
      actAs === undefined ? {} : { [actAs.by === 'object' ? 'CallerObjectId' : 'MSCRMCallerID']: actAs.id };
    const answer = await this.#send({ ...send, token, headers: { ...send.headers, ...acting } });
    if (answer.status < 300) return String(answer.status);
    return `${answer.status} ${(answer.json() as { error: { code: string } }).error.code}`;
  }

  async remove(): Promise<void> {
    await this.#server?.close();
    await rm(this.#folder, { recursive: true });
  }

  get #url(): string {
    return `https://localhost:${this.#port}`;
  }

  #send({ path, ...options }: Sent): Promise<Answer> {
    return ask(this.#ca, `${this.#url}/api/data/v9.2/${path}`, options);
  }

  async #start(): Promise<void> {
    const settings = {
      PORTVAKT_DATA: this.#folder,
      PORTVAKT_PORT: String(this.#port),
      PORTVAKT_SEED: 'empty',
      ...(this.#databaseUrl === undefined ? {} : { PORTVAKT_DATABASE_URL: this.#databaseUrl }),
    };
    this.#server = await startServer(parseConfig(settings), silentLog);
    this.#ca = await readFile(join(this.#folder, 'tls', 'ca.pem'), 'utf8');
  }
}
