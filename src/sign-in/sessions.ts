import { createHash, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../kernel/clock.ts';
import { type Guid, getGuid, newGuid } from '../kernel/ids.ts';
import { equals } from '../odata/query.ts';
import type { MaintenanceStore, Row, Transaction } from '../odata/row-store.ts';
import type { Operator, Operators } from './operators.ts';
import { columnOf, digestOf, newToken, storedMoment, textOf, valuesOf } from './rows.ts';
import { signInTables as tables } from './tables.ts';

/**
 * Milliseconds: a session ends when it was not used for so long, and at the latest after so long. One that was used `ahead`
 * of now or later was so before the clock was set back: how long it has not been used since, nobody knows.
 */
const sessionLife = { idle: 30 * 60_000, longest: 12 * 3_600_000, noted: 60_000, ahead: 5 * 60_000 } as const;

/** Sessions of one operator; with one more the oldest ends. */
const perOperator = 20;

/** `__Host-`: set by this host over TLS, for this host alone, for all paths (RFC 6265bis section 4.1.3.2). */
const cookieName = '__Host-portvakt';
const attributes = 'Path=/; HttpOnly; Secure; SameSite=Strict';

/** Sent by the web app's own scripts with every request. */
export const csrfHeader = 'x-portvakt-csrf';

/** Looked for before anything else: requests without it cost no more than this. */
export const hasCookie = (header: string | undefined): boolean => header?.includes(`${cookieName}=`) === true;

function findCookie(header = ''): string | undefined {
  const found = header.split(';').flatMap((each) => {
    const [name, value] = each.trim().split('=', 2);
    return name === cookieName && value !== undefined ? [value] : [];
  });
  // Two of them cannot both be ours.
  return found.length === 1 && /^[\w-]{43}$/.test(found[0] ?? '') ? found[0] : undefined;
}

/** A browser that is signed in. */
export interface OperatorSession {
  readonly id: Guid;
  readonly operator: Operator;
  readonly csrfToken: string;
  /** When the person signed in. */
  readonly begunAt: Date;
  readonly endsAt: Date;
}

/** Sessions in the directory's database: every process knows all of them, and knows at once of one that has ended. */
export class Sessions {
  readonly #store: MaintenanceStore;
  readonly #operators: Operators;
  readonly #clock: Clock;

  constructor(store: MaintenanceStore, operators: Operators, clock: Clock) {
    this.#store = store;
    this.#operators = operators;
    this.#clock = clock;
  }

  /** Begins a session, always with a cookie of its own; the one that the browser had, if any, ends. */
  async begin(
    operator: Operator,
    oldCookie: string | undefined,
  ): Promise<{ session: OperatorSession; cookie: string }> {
    const token = newToken();
    const id = newGuid();
    const now = this.#clock();
    const moment = storedMoment(now);
    await this.end(oldCookie);
    await this.#store.maintain(async (rows) => {
      await endOldest(rows, operator.id);
      const times = { createdon: moment, lastuse: moment };
      const values = { operatorsessionid: id, digest: digestOf(token), operatorid: operator.id, ...times };
      await rows.insert(tables.session, valuesOf(tables.session, values));
    });
    await this.#operators.noteSignIn(operator.id);
    const times = { begunAt: now, endsAt: new Date(now.getTime() + sessionLife.idle) };
    const session = { id, operator, csrfToken: csrfOf(token), ...times };
    return { session, cookie: `${cookieName}=${token}; ${attributes}` };
  }

  /** The session that a request's cookies name, with its operator as they are now. `undefined`: none that is good. */
  async find(cookies: string | undefined): Promise<OperatorSession | undefined> {
    const token = findCookie(cookies);
    const row = token === undefined ? undefined : await this.#findRow(token);
    if (token === undefined || row === undefined) return undefined;
    const now = this.#clock().getTime();
    const [created, lastUse] = [timeOf(row, 'createdon'), timeOf(row, 'lastuse')];
    const isFromAhead = lastUse >= now + sessionLife.ahead;
    if (isFromAhead || now >= lastUse + sessionLife.idle || now >= created + sessionLife.longest) {
      await this.#remove(row.id);
      return undefined;
    }
    const operator = await this.#operators.find(getGuid(textOf(row, tables.session, 'operatorid')));
    if (operator?.isEnabled !== true) return undefined;
    // Not on every request: reads would all become writes.
    if (now >= lastUse + sessionLife.noted) await this.#noteUse(row.id, new Date(now));
    const endsAt = new Date(Math.min(now + sessionLife.idle, created + sessionLife.longest));
    return { id: row.id, operator, csrfToken: csrfOf(token), begunAt: new Date(created), endsAt };
  }

  /** Ends the session that the cookies name. */
  async end(cookies: string | undefined): Promise<void> {
    const token = findCookie(cookies);
    const row = token === undefined ? undefined : await this.#findRow(token);
    if (row !== undefined) await this.#remove(row.id);
  }

  /** Takes the cookie away from the browser. */
  readonly noCookie = `${cookieName}=; ${attributes}; Max-Age=0`;

  async #findRow(token: string): Promise<Row | undefined> {
    const where = equals(columnOf(tables.session, 'digest'), digestOf(token));
    return (await this.#store.readAll(tables.session, where))[0];
  }

  /** It may be gone already: another request has ended it. */
  #remove(id: Guid): Promise<void> {
    return this.#store.maintain(async (rows) => {
      if ((await rows.get(tables.session, id)) !== undefined) await rows.delete(tables.session, id);
    });
  }

  #noteUse(id: Guid, now: Date): Promise<void> {
    return this.#store.maintain(async (rows) => {
      if ((await rows.get(tables.session, id)) === undefined) return;
      await rows.update(tables.session, id, valuesOf(tables.session, { lastuse: storedMoment(now) }));
    });
  }
}

async function endOldest(rows: Transaction, operatorId: Guid): Promise<void> {
  const where = equals(columnOf(tables.session, 'operatorid'), operatorId);
  const all = await rows.list(tables.session, where, perOperator * 2);
  const oldest = all.toSorted((a, b) => timeOf(a, 'lastuse') - timeOf(b, 'lastuse'));
  for (const { id } of oldest.slice(0, Math.max(0, all.length - perOperator + 1)))
    await rows.delete(tables.session, id);
}

const timeOf = (row: Row, name: string): number => new Date(textOf(row, tables.session, name)).getTime();

/** Of the cookie, which no script can read: who knows the one does not know the other. */
const csrfOf = (token: string): string => createHash('sha256').update(`csrf:${token}`).digest('base64url');

export function isCsrfToken(session: OperatorSession, sent: string | undefined): boolean {
  const [expected, given] = [Buffer.from(session.csrfToken), Buffer.from(sent ?? '')];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
