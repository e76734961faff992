import type { Answer } from '../../../support/client.ts';
import type { TestServer } from '../../../support/server-on.ts';

export type Json = Readonly<Record<string, unknown>>;

/** The surfaces that take writes, by the beginning of their paths, with the scope of their tokens. */
const surfaces = {
  api: { root: '/api/data/v9.2/', scope: (url: string) => `${url}/.default` },
  data: { root: '/data/', scope: (url: string) => `${url}/data/.default` },
  graph: { root: '/v1.0/', scope: () => 'https://graph.microsoft.com/.default' },
  portvakt: { root: '/portvakt/v1/', scope: (url: string) => `${url}/.default` },
} as const;

export type Surface = keyof typeof surfaces;

/** Asks every surface as the administrator, and keeps what became of each field that was to take a text. */
export class Writer {
  readonly #server: TestServer;
  readonly text: string;
  readonly taken = new Set<string>();
  /** What the surface said, by field; a field of which one row took the text is not in it. */
  readonly refused = new Map<string, string>();

  constructor(server: TestServer, text: string) {
    this.#server = server;
    this.text = text;
  }

  async ask(surface: Surface, method: string, path: string, body?: unknown): Promise<Answer> {
    const { root, scope } = surfaces[surface];
    const token = await this.#server.token('admin', scope(this.#server.url));
    return this.#server.ask(root + path, { method, token, ...(body === undefined ? {} : { body }) });
  }

  /** Rows that are there; none where the set cannot be read. */
  async rows(surface: Surface, path: string): Promise<readonly Json[]> {
    const answer = await this.ask(surface, 'GET', path);
    return answer.status === 200 ? (answer.json() as { value: readonly Json[] }).value : [];
  }

  /** Keeps what became of fields that were written in one request. */
  note(fields: readonly string[], answer: Answer): boolean {
    // A row that another one was made with has it already.
    const isThere = answer.text.includes(this.text) && answer.text.includes('The record already exists');
    const isTaken = answer.status < 300 || isThere;
    for (const field of fields) {
      if (isTaken) {
        this.taken.add(field);
        this.refused.delete(field);
      } else if (!this.taken.has(field)) this.refused.set(field, `${answer.status} ${answer.text}`);
    }
    return isTaken;
  }
}
