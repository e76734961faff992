import type { Clock } from '../kernel/clock.ts';
import { type Guid, newGuid, parseGuid } from '../kernel/ids.ts';
import type { MaintenanceStore, Row, Transaction } from '../odata/row-store.ts';
import { SignInRefusal } from './problems.ts';
import { columnOf, storedMoment, textOf, valuesOf } from './rows.ts';
import { signInTables as tables } from './tables.ts';

/** What a challenge was made for. */
export type ChallengePurpose = 'signIn' | 'register' | 'setUp';

const challengeLife = 5 * 60_000;

/** Challenges that are kept; with one more the oldest ends. */
const mostChallenges = 1000;

/**
 * Challenges of passkeys, in the directory's database: all processes know them, and each counts once.
 */
export class Challenges {
  readonly #store: MaintenanceStore;
  readonly #clock: Clock;

  constructor(store: MaintenanceStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** @param owner the session, or the link, that it is for; nobody is known yet who signs in */
  async keep(purpose: ChallengePurpose, owner: Guid | undefined, challenge: string): Promise<Guid> {
    const id = newGuid();
    const endson = storedMoment(new Date(this.#clock().getTime() + challengeLife));
    await this.#store.maintain(async (rows) => {
      await this.#makeRoom(rows);
      const values = { operatorchallengeid: id, purpose, ownerid: owner ?? null, challenge, endson };
      await rows.insert(tables.challenge, valuesOf(tables.challenge, values));
    });
    return id;
  }

  /**
   * The challenge, which is used up thereby, whatever becomes of it.
   * @throws SignInRefusal 401 for one that was used, has run out, or is somebody else's
   */
  async take(sentId: string, purpose: ChallengePurpose, owner: Guid | undefined): Promise<string> {
    const id = parseGuid<Guid>(sentId);
    const row = id === undefined ? undefined : await this.#store.maintain((rows) => takeRow(rows, id));
    if (row === undefined) throw new SignInRefusal('wrongPasskey', 'the challenge was used or is not known');
    const isFor = textOf(row, tables.challenge, 'purpose') === purpose && ownerOf(row) === owner;
    if (!isFor) throw new SignInRefusal('wrongPasskey', 'the challenge was made for something else');
    if (endOf(row) <= this.#clock().getTime()) throw new SignInRefusal('wrongPasskey', 'the challenge has run out');
    return textOf(row, tables.challenge, 'challenge');
  }

  /** Strangers can have them made: what has run out goes, and at the worst the oldest. */
  async #makeRoom(rows: Transaction): Promise<void> {
    const all = await rows.list(tables.challenge, { kind: 'always' }, mostChallenges * 2);
    const [over, open] = [[] as Row[], [] as Row[]];
    for (const row of all) (endOf(row) <= this.#clock().getTime() ? over : open).push(row);
    const oldest = open.toSorted((a, b) => endOf(a) - endOf(b)).slice(0, Math.max(0, open.length - mostChallenges + 1));
    for (const { id } of [...over, ...oldest]) await rows.delete(tables.challenge, id);
  }
}

async function takeRow(rows: Transaction, id: Guid): Promise<Row | undefined> {
  const row = await rows.get(tables.challenge, id);
  if (row !== undefined) await rows.delete(tables.challenge, id);
  return row;
}

const endOf = (row: Row): number => new Date(textOf(row, tables.challenge, 'endson')).getTime();

function ownerOf(row: Row): Guid | undefined {
  const value = row.values.get(columnOf(tables.challenge, 'ownerid'));
  return typeof value === 'string' ? parseGuid<Guid>(value) : undefined;
}
