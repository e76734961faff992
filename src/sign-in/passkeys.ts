import type { Clock } from '../kernel/clock.ts';
import { type Guid, getGuid, newGuid } from '../kernel/ids.ts';
import type { Peers } from '../kernel/peers.ts';
import { equals } from '../odata/query.ts';
import { DuplicateKey, type MaintenanceStore, type Row, type Transaction } from '../odata/row-store.ts';
import { SignInRefusal } from './problems.ts';
import { columnOf, digestOf, storedMoment, textOf, valuesOf } from './rows.ts';
import { signInTables as tables } from './tables.ts';

/** What an authenticator has told of a credential that it made. */
export interface NewPasskey {
  /** base64url, as all of WebAuthn's bytes here. */
  readonly credentialId: string;
  readonly publicKey: string;
  readonly counter: number;
  readonly transports: readonly string[];
  /** What the operator calls it. */
  readonly name: string;
}

export interface Passkey extends NewPasskey {
  readonly id: Guid;
  readonly operatorId: Guid;
  readonly createdAt: string;
  readonly lastUsedAt: string | undefined;
}

/** Whose they are, and what else they sign in by. */
interface Owner {
  readonly id: Guid;
  readonly passwordHash: string | undefined;
}

/** Passkeys of one operator at most. */
const perOperator = 20;

/** The public keys of the operators' passkeys, in the directory's database. */
export class Passkeys {
  readonly #store: MaintenanceStore;
  readonly #clock: Clock;
  readonly #peers: Peers;

  constructor(store: MaintenanceStore, clock: Clock, peers: Peers) {
    this.#store = store;
    this.#clock = clock;
    this.#peers = peers;
  }

  /** An operator's, in the order of their names. */
  async list(operatorId: Guid): Promise<readonly Passkey[]> {
    const rows = await this.#store.readAll(tables.passkey, equals(columnOf(tables.passkey, 'operatorid'), operatorId));
    return rows.map(toPasskey).sort((a, b) => a.name.localeCompare(b.name));
  }

  async findByCredential(credentialId: string): Promise<Passkey | undefined> {
    const where = equals(columnOf(tables.passkey, 'credentialdigest'), digestOf(credentialId));
    const [row] = await this.#store.readAll(tables.passkey, where);
    return row && toPasskey(row);
  }

  /** @throws SignInRefusal 409 for one that an operator has already, and for too many */
  async add(operatorId: Guid, passkey: NewPasskey): Promise<void> {
    await this.#alone(async (rows) => {
      const held = await ofOperator(rows, operatorId);
      if (held.length >= perOperator) throw new SignInRefusal('tooManyPasskeys', String(perOperator));
      await insertPasskey(rows, operatorId, passkey, storedMoment(this.#clock()));
    });
  }

  /**
   * Notes a use. The counter is compared with the one that is kept now: of two uses at a time of a copied key one is refused.
   * @throws SignInRefusal 401
   */
  async noteUse(id: Guid, counter: number): Promise<void> {
    await this.#alone(async (rows) => {
      const row = await rows.get(tables.passkey, id);
      if (row === undefined) throw new SignInRefusal('wrongPasskey', 'the passkey was removed');
      const before = toPasskey(row).counter;
      if ((before > 0 || counter > 0) && counter <= before) {
        throw new SignInRefusal('wrongPasskey', 'its counter went back: it may be a copy');
      }
      const changes = { counter, lastuse: storedMoment(this.#clock()) };
      await rows.update(tables.passkey, id, valuesOf(tables.passkey, changes));
    });
  }

  /** @throws SignInRefusal 404; 409 for what is the only way in */
  async remove({ id: operatorId, passwordHash }: Owner, id: Guid): Promise<void> {
    await this.#alone(async (rows) => {
      const held = await ofOperator(rows, operatorId);
      if (!held.some((each) => each.id === id)) throw new SignInRefusal('notFound');
      if (held.length === 1 && passwordHash === undefined) throw new SignInRefusal('lastPasskey');
      await rows.delete(tables.passkey, id);
    });
  }

  /** One after the other, with what changes operators. */
  #alone<T>(job: (rows: Transaction) => Promise<T>): Promise<T> {
    return this.#peers.alone('operators', () =>
      this.#store.maintain(job).catch((error: unknown) => {
        if (error instanceof DuplicateKey && error.table === tables.passkey) throw new SignInRefusal('passkeyKnown');
        throw error;
      }),
    );
  }
}

const ofOperator = (rows: Transaction, operatorId: Guid): Promise<readonly Row[]> =>
  rows.list(tables.passkey, equals(columnOf(tables.passkey, 'operatorid'), operatorId), perOperator * 2);

/** Within a transaction that does more. */
export async function insertPasskey(
  rows: Transaction,
  operatorId: Guid,
  { credentialId, publicKey, counter, transports, name }: NewPasskey,
  createdon: string,
): Promise<void> {
  const key = { credentialid: credentialId, credentialdigest: digestOf(credentialId), publickey: publicKey, counter };
  const values = { operatorpasskeyid: newGuid(), operatorid: operatorId, name, ...key };
  const rest = { transports: transports.join(' '), createdon };
  await rows.insert(tables.passkey, valuesOf(tables.passkey, { ...values, ...rest }));
}

function toPasskey(row: Row): Passkey {
  const text = (name: string): string => textOf(row, tables.passkey, name);
  const lastUse = row.values.get(columnOf(tables.passkey, 'lastuse'));
  return {
    id: row.id,
    operatorId: getGuid(text('operatorid')),
    credentialId: text('credentialid'),
    publicKey: text('publickey'),
    counter: Number(row.values.get(columnOf(tables.passkey, 'counter')) ?? 0),
    transports: String(row.values.get(columnOf(tables.passkey, 'transports')) ?? '')
      .split(' ')
      .filter((each) => each !== ''),
    name: text('name'),
    createdAt: text('createdon'),
    lastUsedAt: typeof lastUse === 'string' ? lastUse : undefined,
  };
}
