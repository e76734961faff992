import type { Answer } from '../../support/client.ts';
import { type Connection, credentialsOf, requestToken } from '../../support/connection.ts';

const candidates = 'mshr_hcmcandidatetohireentities';
const columns = 'mshr_candidateid,mshr_firstname,mshr_lastname,mshr_recruitingrequestid,mshr_dataareaid';

export type Kind = 'token' | 'read' | 'page' | 'expand' | 'create' | 'batch';

/** Of a hundred requests. */
const weights: Readonly<Record<Kind, number>> = { token: 10, read: 35, page: 15, expand: 15, create: 20, batch: 5 };

const kinds: readonly Kind[] = (Object.keys(weights) as Kind[]).flatMap((kind) =>
  Array.from({ length: weights[kind] }, () => kind),
);

/** What an integration does all day: each call is one request, checked. */
export class Mix {
  readonly #connection: Connection;
  readonly #ids: readonly string[];
  #number = 0;

  private constructor(connection: Connection, ids: readonly string[]) {
    this.#connection = connection;
    this.#ids = ids;
  }

  /** Makes candidates to be read, so many. */
  static async open(connection: Connection, count: number): Promise<Mix> {
    await connection.token('ats');
    const ids: string[] = [];
    for (let at = 0; at < count; at++) {
      const answer = await connection.api(candidates, { method: 'POST', body: candidate(`Read ${at}`) });
      const id = /\(([0-9a-f-]{36})\)/.exec(answer.headers['odata-entityid'] ?? '')?.[1];
      if (id === undefined) throw new Error(`a candidate was answered ${answer.status} ${answer.text}`);
      ids.push(id);
    }
    return new Mix(connection, ids);
  }

  /** The next one. Kinds follow each other in an order that is the same in every run, and well mixed. */
  next(): Kind {
    this.#number += 1;
    return kinds[(this.#number * 61) % kinds.length] ?? 'read';
  }

  /** Sends one. Gives what was wrong with the answer; `undefined` when nothing was. */
  async send(kind: Kind): Promise<string | undefined> {
    try {
      return await this.#sends[kind]();
    } catch (error) {
      return `${kind}: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  readonly #sends: Readonly<Record<Kind, () => Promise<string | undefined>>> = {
    token: async () => {
      const { ca, env, url } = this.#connection;
      await requestToken(ca, env.AUTHORITY_URL, credentialsOf(env, 'ats'), `${url}/.default`);
      return undefined;
    },
    read: () => this.#get('read', `${candidates}(${this.#id()})?$select=${columns}`),
    page: () =>
      this.#get(
        'page',
        `${candidates}?$select=${columns}&$filter=mshr_dataareaid%20eq%20'usmf'&$orderby=mshr_lastname&$top=50`,
      ),
    expand: () =>
      this.#get(
        'expand',
        `${candidates}(${this.#id()})?$select=${columns}&$expand=mshr_FK_Person_id($select=mshr_name)`,
      ),
    create: async () => {
      const body = candidate(`Made ${this.#number}`);
      return unless(204, 'create', await this.#connection.api(candidates, { method: 'POST', body }));
    },
    batch: async () => {
      const answer = await this.#connection.api('$batch', {
        method: 'POST',
        headers: { 'content-type': 'multipart/mixed; boundary=b' },
        body: batchBody(Array.from({ length: 5 }, () => this.#id())),
      });
      const parts = answer.text.match(/HTTP\/1\.1 200/g)?.length ?? 0;
      return parts === 5 ? undefined : `batch: ${answer.status} with ${parts} parts of 5`;
    },
  };

  async #get(kind: Kind, path: string): Promise<string | undefined> {
    return unless(200, kind, await this.#connection.api(path));
  }

  #id(): string {
    return this.#ids[this.#number % this.#ids.length] ?? '';
  }
}

const unless = (status: number, kind: Kind, answer: Answer): string | undefined =>
  answer.status === status ? undefined : `${kind}: ${answer.status} ${answer.text.slice(0, 200)}`;

const candidate = (lastName: string) => ({
  mshr_dataareaid: 'usmf',
  mshr_recruitingrequestid: 'USMF-000001',
  mshr_firstname: 'Kari',
  mshr_lastname: lastName,
});

function batchBody(ids: readonly string[]): string {
  const parts = ids.map(
    (id) =>
      `--b\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\nGET ${candidates}(${id})?$select=${columns} HTTP/1.1\r\nAccept: application/json\r\n\r\n`,
  );
  return `${parts.join('')}--b--\r\n`;
}
