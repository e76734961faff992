import type { Clock } from '../kernel/clock.ts';
import { type Guid, getGuid, newGuid, parseGuid } from '../kernel/ids.ts';
import { type OperatorRole, operatorRoles } from '../kernel/operator.ts';
import type { Peers } from '../kernel/peers.ts';
import type { Table } from '../metadata/table.ts';
import { equals } from '../odata/query.ts';
import { DuplicateKey, type MaintenanceStore, type Row, type Transaction } from '../odata/row-store.ts';
import { insertPasskey, type NewPasskey } from './passkeys.ts';
import { hashPassword } from './password.ts';
import { SignInRefusal } from './problems.ts';
import { cell, columnOf, digestOf, newToken, storedMoment, textOf, valuesOf } from './rows.ts';
import { signInTables as tables } from './tables.ts';

export type OperatorLanguage = 'en' | 'nb';

/** A person who uses the web app, as kept. */
export interface Operator {
  readonly id: Guid;
  readonly name: string;
  readonly role: OperatorRole;
  readonly language: OperatorLanguage | undefined;
  readonly isEnabled: boolean;
  readonly passwordHash: string | undefined;
  readonly createdAt: string;
  readonly lastSignInAt: string | undefined;
}

export interface OperatorChange {
  readonly name?: string | undefined;
  readonly role?: OperatorRole | undefined;
  readonly isEnabled?: boolean | undefined;
  readonly language?: OperatorLanguage | undefined;
}

export type LinkPurpose = 'first' | 'invitation' | 'reset';

export interface Link {
  readonly id: Guid;
  readonly operator: Operator | undefined;
  readonly purpose: LinkPurpose;
  readonly endsAt: string;
}

/** By what somebody will sign in. */
export type Proof = { readonly password: string } | { readonly passkey: NewPasskey };

export interface MadeLink {
  /** Opens the door once; known here and to whom it is shown. */
  readonly token: string;
  readonly endsAt: string;
}

/** Milliseconds that a link can be used: one from the console, and one that is sent to somebody. */
const linkLife = { first: 24 * 3_600_000, reset: 24 * 3_600_000, invitation: 7 * 24 * 3_600_000 } as const;

/** The operators and their links, in the directory's database: what one process changes counts in all at once. */
export class Operators {
  readonly #store: MaintenanceStore;
  readonly #clock: Clock;
  readonly #peers: Peers;

  constructor(store: MaintenanceStore, clock: Clock, peers: Peers) {
    this.#store = store;
    this.#clock = clock;
    this.#peers = peers;
  }

  async list(): Promise<readonly Operator[]> {
    return (await this.#store.readAll(tables.operator)).map(toOperator).sort((a, b) => a.name.localeCompare(b.name));
  }

  async find(id: Guid): Promise<Operator | undefined> {
    const [row] = await this.#store.readAll(tables.operator, equals(tables.operator.primaryKey, id));
    return row && toOperator(row);
  }

  async findByName(name: string): Promise<Operator | undefined> {
    const where = equals(columnOf(tables.operator, 'namekey'), keyOf(name));
    const [row] = await this.#store.readAll(tables.operator, where);
    return row && toOperator(row);
  }

  /** Is there somebody who can sign in and do everything? */
  async isSetUp(): Promise<boolean> {
    const passkeys = await this.countPasskeys();
    return (await this.list()).some(
      (each) => isFull(each) && (each.passwordHash !== undefined || passkeys.has(each.id)),
    );
  }

  /** How many passkeys each operator has; who has none is not in it. */
  async countPasskeys(): Promise<ReadonlyMap<Guid, number>> {
    const counts = new Map<Guid, number>();
    for (const row of await this.#store.readAll(tables.passkey)) {
      const id = getGuid(textOf(row, tables.passkey, 'operatorid'));
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }

  /** @throws SignInRefusal 409 */
  create({ name, role, language }: Pick<Operator, 'name' | 'role' | 'language'>): Promise<Operator> {
    return this.#change(async (rows) => {
      const id = newGuid();
      const values = { operatorid: id, name, namekey: keyOf(name), operatorrole: role, isenabled: true };
      const times = { language: language ?? null, createdon: this.#now() };
      await rows.insert(tables.operator, valuesOf(tables.operator, { ...values, ...times }));
      return get(rows, id);
    });
  }

  /** `undefined`: there is none. @throws SignInRefusal 409 for the last one with full power */
  change(id: Guid, { name, role, isEnabled, language }: OperatorChange): Promise<Operator | undefined> {
    return this.#change(async (rows) => {
      const before = await findIn(rows, id);
      if (before === undefined) return undefined;
      const changes = {
        ...(name === undefined ? {} : { name, namekey: keyOf(name) }),
        ...(role === undefined ? {} : { operatorrole: role }),
        ...(isEnabled === undefined ? {} : { isenabled: isEnabled }),
        ...(language === undefined ? {} : { language }),
      };
      await keepingFull(rows, () => rows.update(tables.operator, id, valuesOf(tables.operator, changes)));
      // What was withdrawn shall not live on in a browser that is open somewhere.
      if (isEnabled === false || (role !== undefined && role !== before.role)) await removeOf(rows, tables.session, id);
      return get(rows, id);
    });
  }

  /** With sessions, links and passkeys. */
  remove(id: Guid): Promise<boolean> {
    return this.#change(async (rows) => {
      if ((await findIn(rows, id)) === undefined) return false;
      await removeOf(rows, tables.session, id);
      await removeOf(rows, tables.link, id);
      await removeOf(rows, tables.passkey, id);
      await keepingFull(rows, () => rows.delete(tables.operator, id));
      return true;
    });
  }

  /** Sets the password and ends all sessions. @throws SignInRefusal 400 */
  async setPassword({ id, name }: Pick<Operator, 'id' | 'name'>, password: string): Promise<void> {
    const passwordhash = await hashPassword(password, name);
    await this.#change(async (rows) => {
      await rows.update(tables.operator, id, valuesOf(tables.operator, { passwordhash }));
      await removeOf(rows, tables.session, id);
    });
  }

  /** Makes a link; earlier ones for the same operator, or for the first one, are void. */
  createLink(purpose: LinkPurpose, operator?: Pick<Operator, 'id'>): Promise<MadeLink> {
    return this.#change(async (rows) => {
      await removeOf(rows, tables.link, operator?.id ?? null);
      const token = newToken();
      const endsAt = storedMoment(new Date(this.#clock().getTime() + linkLife[purpose]));
      const values = { operatorlinkid: newGuid(), digest: digestOf(token), purpose, endson: endsAt };
      await rows.insert(tables.link, valuesOf(tables.link, { ...values, operatorid: operator?.id ?? null }));
      return { token, endsAt };
    });
  }

  /** @throws SignInRefusal 403 */
  async getLink(token: string): Promise<Link> {
    const where = equals(columnOf(tables.link, 'digest'), digestOf(token));
    const [row] = await this.#store.readAll(tables.link, where);
    if (row === undefined) throw new SignInRefusal('linkInvalid');
    const endsAt = textOf(row, tables.link, 'endson');
    const purpose = textOf(row, tables.link, 'purpose') as LinkPurpose;
    const operatorId = parseGuid(String(cell(row, tables.link, 'operatorid') ?? ''));
    const operator = operatorId && (await this.find(operatorId));
    const isOver = new Date(endsAt) <= this.#clock();
    const isLate = purpose === 'first' ? await this.isSetUp() : operator?.isEnabled !== true;
    if (isOver || isLate) throw new SignInRefusal('linkInvalid');
    return { id: row.id, operator, purpose, endsAt };
  }

  /**
   * Uses a link up: the operator, who is made if it is the first one, signs in by this alone from now on. What there was
   * before, passkeys included, may be what was lost. Once, whatever comes at the same time.
   * @throws SignInRefusal 403, 400, 409
   */
  async redeem(link: Link, name: string, proof: Proof): Promise<Operator> {
    const isPassword = 'password' in proof;
    const passwordhash = isPassword ? await hashPassword(proof.password, link.operator?.name ?? name) : null;
    return this.#change(async (rows) => {
      if ((await rows.get(tables.link, link.id)) === undefined) throw new SignInRefusal('linkInvalid');
      // A passkey knows the first operator's id before there is one.
      const id = link.operator?.id ?? link.id;
      if (link.operator === undefined) {
        const values = { operatorid: id, name, namekey: keyOf(name), operatorrole: 'full', isenabled: true };
        const rest = { passwordhash, createdon: this.#now() };
        await rows.insert(tables.operator, valuesOf(tables.operator, { ...values, ...rest }));
      } else {
        await rows.update(tables.operator, id, valuesOf(tables.operator, { passwordhash }));
        await removeOf(rows, tables.session, id);
        await removeOf(rows, tables.passkey, id);
      }
      if (!isPassword) await insertPasskey(rows, id, proof.passkey, this.#now());
      await rows.delete(tables.link, link.id);
      return get(rows, id);
    });
  }

  noteSignIn(id: Guid): Promise<void> {
    return this.#store.maintain((rows) =>
      rows.update(tables.operator, id, valuesOf(tables.operator, { lastsignin: this.#now() })),
    );
  }

  #now(): string {
    return storedMoment(this.#clock());
  }

  /** One after the other, so that two that are the last ones do not take each other away. */
  #change<T>(job: (rows: Transaction) => Promise<T>): Promise<T> {
    return this.#peers.alone('operators', () =>
      this.#store.maintain(job).catch((error: unknown) => {
        if (error instanceof DuplicateKey && error.table === tables.operator) throw new SignInRefusal('nameTaken');
        throw error;
      }),
    );
  }
}

const keyOf = (name: string): string => name.normalize('NFC').toLowerCase();

const isFull = ({ role, isEnabled }: Operator): boolean => role === 'full' && isEnabled;

/** More operators than there are. */
const everybody = 10_000;

async function hasFull(rows: Transaction): Promise<boolean> {
  const all = await rows.list(tables.operator, { kind: 'always' }, everybody);
  return all.map(toOperator).some(isFull);
}

/** What takes away the last one with full power is refused. Where there was none before, nothing is taken away. */
async function keepingFull<T>(rows: Transaction, job: () => Promise<T>): Promise<T> {
  const had = await hasFull(rows);
  const result = await job();
  if (had && !(await hasFull(rows))) throw new SignInRefusal('lastFullOperator');
  return result;
}

async function findIn(rows: Transaction, id: Guid): Promise<Operator | undefined> {
  const row = await rows.get(tables.operator, id);
  return row && toOperator(row);
}

async function get(rows: Transaction, id: Guid): Promise<Operator> {
  const operator = await findIn(rows, id);
  if (operator === undefined) throw new TypeError('the operator was not written');
  return operator;
}

/** Removes all sessions, or links, of one operator. */
async function removeOf(rows: Transaction, table: Table, operatorId: Guid | null): Promise<void> {
  const found = await rows.list(table, equals(columnOf(table, 'operatorid'), operatorId), everybody);
  for (const { id } of found) await rows.delete(table, id);
}

function toOperator(row: Row): Operator {
  const text = (name: string): string | undefined => {
    const value = cell(row, tables.operator, name);
    return typeof value === 'string' ? value : undefined;
  };
  const role = operatorRoles.find((each) => each === text('operatorrole'));
  if (role === undefined) throw new TypeError(`operator ${row.id} has a role that there is not`);
  const language = text('language');
  return {
    id: row.id,
    name: text('name') ?? '',
    role,
    language: language === 'en' || language === 'nb' ? language : undefined,
    isEnabled: cell(row, tables.operator, 'isenabled') === true,
    passwordHash: text('passwordhash'),
    createdAt: text('createdon') ?? '',
    lastSignInAt: text('lastsignin'),
  };
}
