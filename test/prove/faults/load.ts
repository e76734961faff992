import type { Connection } from '../../support/connection.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
/** Milliseconds that a client waits at most before it sends again what was refused, whatever `Retry-After` says. */
const patience = 200;
/** Milliseconds after which a client gives up; no answer comes so late. */
const longestWait = 45_000;

/** What the clients of a fault were told. */
export interface Told {
  /** Last names of candidates that were answered with 204; no two are the same. */
  readonly acknowledged: readonly string[];
  /** Whose outcome no client was told: the connection ended, or the answer says that it may have been carried out. */
  readonly unknown: readonly string[];
  /** Refused with 429 or 503 to the end: not carried out. */
  readonly refused: readonly string[];
  /** Requests, each attempt by itself, and those that were not answered with 204. */
  readonly requests: number;
  readonly errors: number;
  /** Answers that no client can act on: another status, or 503 without `Retry-After`. */
  readonly wrong: readonly string[];
  /** Milliseconds of the answer that took longest. */
  readonly longest: number;
}

interface Acknowledgement {
  readonly sent: number;
  readonly answered: number;
}

/**
 * Clients that create candidates as well-behaved ones do: what was refused for now is sent again under the same name, what
 * may have been carried out is not.
 */
export class Load {
  readonly #connection: Connection;
  readonly #prefix: string;
  readonly #mayTokensEnd: boolean;
  readonly #clients: Promise<unknown>;
  readonly #acknowledged: string[] = [];
  readonly #unknown: string[] = [];
  readonly #refused: string[] = [];
  readonly #wrong: string[] = [];
  readonly #times: Acknowledgement[] = [];
  #requests = 0;
  #longest = 0;
  #number = 0;
  #isOver = false;
  #renewing: Promise<void> | undefined;

  /** @param mayTokensEnd whether a refused token is no fault, and a client gets another one */
  constructor(connection: Connection, prefix: string, clients: number, mayTokensEnd = false) {
    this.#connection = connection;
    this.#mayTokensEnd = mayTokensEnd;
    this.#prefix = prefix;
    this.#clients = Promise.all(Array.from({ length: clients }, () => this.#client()));
  }

  /** Waits until so many candidates were acknowledged. Throws when that takes longer than a fault ever should. */
  async acknowledges(count: number): Promise<void> {
    await this.#until(() => this.#acknowledged.length >= count);
  }

  /** The same, of so many from now on. */
  async acknowledgesMore(count: number): Promise<void> {
    await this.acknowledges(this.#acknowledged.length + count);
  }

  /** Milliseconds from a moment (`performance.now()`) until a create was acknowledged that was sent after it. */
  async recoveredFrom(moment: number): Promise<number> {
    const isAfter = ({ sent }: Acknowledgement): boolean => sent >= moment;
    await this.#until(() => this.#times.some(isAfter));
    return (this.#times.find(isAfter)?.answered ?? Number.NaN) - moment;
  }

  /** Ends the clients, each when it has its answer. */
  async end(): Promise<Told> {
    this.#isOver = true;
    await this.#clients;
    return {
      acknowledged: this.#acknowledged,
      unknown: this.#unknown,
      refused: this.#refused,
      requests: this.#requests,
      errors: this.#requests - this.#acknowledged.length,
      wrong: this.#wrong,
      longest: this.#longest,
    };
  }

  async #client(): Promise<void> {
    while (!this.#isOver) await this.#create(`${this.#prefix}${this.#number++}`);
  }

  async #create(name: string): Promise<void> {
    for (;;) {
      const sent = performance.now();
      this.#requests += 1;
      const answer = await this.#send(name).catch(() => undefined);
      const answered = performance.now();
      this.#longest = Math.max(this.#longest, answered - sent);
      if (answer?.status === 204) {
        this.#acknowledged.push(name);
        this.#times.push({ sent, answered });
        return;
      }
      if (answer?.status === 401 && this.#mayTokensEnd) {
        this.#renewing ??= this.#renew();
        await this.#renewing;
        continue;
      }
      const wait = answer === undefined ? undefined : this.#waitFor(answer);
      if (wait === undefined) {
        this.#unknown.push(name);
        // A server that is gone refuses at once.
        await sleep(20);
        return;
      }
      if (this.#isOver) {
        this.#refused.push(name);
        return;
      }
      await sleep(wait);
    }
  }

  /** Until there is a new token. */
  async #renew(): Promise<void> {
    for (let isRenewed = false; !(isRenewed || this.#isOver); ) {
      this.#connection.forgetTokens();
      isRenewed = await this.#connection.token('ats').then(
        () => true,
        () => sleep(patience).then(() => false),
      );
    }
    this.#renewing = undefined;
  }

  #send(name: string): ReturnType<Connection['api']> {
    const body = {
      mshr_dataareaid: 'usmf',
      mshr_recruitingrequestid: 'USMF-000001',
      mshr_firstname: 'Kari',
      mshr_lastname: name,
    };
    return inTime(this.#connection.api(candidates, { method: 'POST', body }));
  }

  /** Milliseconds to wait before sending again; `undefined` where that must not be done. */
  #waitFor({ status, headers, text }: Awaited<ReturnType<Connection['api']>>): number | undefined {
    if (status === 500 && text.includes('may have been carried out')) return undefined;
    const retryAfter = Number(headers['retry-after'] ?? Number.NaN);
    if ((status === 503 || status === 429) && retryAfter > 0) return Math.min(retryAfter * 1000, patience);
    this.#wrong.push(`${status} ${text.slice(0, 200)}`);
    return undefined;
  }

  async #until(isSo: () => boolean): Promise<void> {
    const end = performance.now() + 2 * longestWait;
    while (!isSo()) {
      if (performance.now() > end) throw new Error(`nothing is acknowledged any more; ${this.#wrong.slice(-3).join()}`);
      await sleep(10);
    }
  }
}

export const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), longestWait);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How often each candidate of a prefix is there: with its person, and without, which is half a candidate. */
export interface Stored {
  readonly whole: ReadonlyMap<string, number>;
  readonly half: number;
}

interface CandidatePage {
  readonly value: readonly {
    readonly mshr_lastname: string;
    readonly mshr_FK_Person_id: { readonly mshr_lastname: string } | null;
  }[];
  readonly '@odata.nextLink'?: string;
}

/** Reads every candidate whose last name begins so. */
export async function readStored(connection: Connection, prefix: string): Promise<Stored> {
  const whole = new Map<string, number>();
  let half = 0;
  const query = `$select=mshr_lastname&$filter=startswith(mshr_lastname,'${prefix}')&$expand=mshr_FK_Person_id($select=mshr_lastname)`;
  let next: string | undefined = `/api/data/v9.2/${candidates}?${query.replaceAll(' ', '%20')}`;
  while (next !== undefined) {
    const answer = await connection.ask(next, { as: 'ats' });
    if (answer.status !== 200) throw new Error(`reading the candidates was answered ${answer.status} ${answer.text}`);
    const page = answer.json() as CandidatePage;
    for (const { mshr_lastname: name, mshr_FK_Person_id: person } of page.value) {
      if (person?.mshr_lastname === name) whole.set(name, (whole.get(name) ?? 0) + 1);
      else half += 1;
    }
    next = page['@odata.nextLink'];
  }
  return { whole, half };
}
