/**
 * The ceiling: what a hand-written server reaches on the same rows of the same database. `node:http`, a map of verified
 * tokens, one prepared statement for each kind of request whose JSON the database builds; no parsing of URLs, no gates,
 * no business logic. `tsx bench/ceiling-server.ts <file with CeilingOrder>`; prints its port.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CeilingAudit, openCeilingAudit } from './ceiling-audit.ts';
import { openPostgresCeiling } from './ceiling-postgres.ts';
import { type CeilingRows, openSqliteCeiling } from './ceiling-sqlite.ts';
import type { Organisation } from './organisation.ts';

export const ceilingKinds = ['point read', 'page of 50', 'expand', 'create'] as const;
export type CeilingKind = (typeof ceilingKinds)[number];

/** What one ceiling server is to do. */
export interface CeilingOrder {
  readonly organisation: Organisation;
  readonly kind: CeilingKind;
  readonly token: string;
  /** Does it also write down each request, as Portvakt must? */
  readonly isAudited: boolean;
  /** The row that is read, for all kinds but the page. */
  readonly id: string;
  /** What stands before the row in the body: the context of Portvakt's own answer. */
  readonly context: string;
  /** What stands behind the rows of a page: the link to the next one, always the same here. */
  readonly tail: string;
  /** Columns of the answer. */
  readonly columns: readonly string[];
  /** Answer headers of Portvakt, so that as many bytes are written. */
  readonly headers: Readonly<Record<string, string>>;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as CeilingOrder;
const verified = new Map([[`Bearer ${order.token}`, true]]);
const rows: CeilingRows =
  order.organisation.databaseUrl === undefined ? openSqliteCeiling(order) : await openPostgresCeiling(order);

const audit: CeilingAudit | undefined = order.isAudited ? await openCeilingAudit(order.organisation) : undefined;

/** Body of the answer by kind. `path` is looked at as little as a hand-written server would: for the id. */
const answers: Readonly<Record<CeilingKind, (path: string, body: string) => string | Promise<string>>> = {
  'point read': (path) => inContext(rows.point(idIn(path))),
  expand: (path) => inContext(rows.expand(idIn(path))),
  'page of 50': () => inPage(rows.page()),
  create: async (_, body) => {
    const { mshr_firstname, mshr_lastname } = JSON.parse(body) as Record<string, string>;
    await rows.create(randomUUID(), randomUUID(), mshr_firstname ?? '', mshr_lastname ?? '');
    await audit?.writeCreate();
    return '';
  },
};

const idIn = (path: string): string => path.slice(path.indexOf('(') + 1, path.indexOf(')'));

function inContext(row: string | Promise<string>): string | Promise<string> {
  return typeof row === 'string' ? withContext(row) : row.then(withContext);
}
const withContext = (row: string): string => `${order.context}${row.slice(1)}`;

function inPage(text: string | Promise<string>): string | Promise<string> {
  return typeof text === 'string' ? asPage(text) : text.then(asPage);
}
const asPage = (text: string): string => `${order.context}"value":[${text}${order.tail}`;

function reply(response: ServerResponse, text: string): void {
  if (order.kind !== 'create') audit?.noteRead();
  const body = Buffer.from(text);
  const status = order.kind === 'create' ? 204 : 200;
  response.writeHead(status, text === '' ? order.headers : { ...order.headers, 'Content-Length': body.length });
  response.end(body);
}

function handle(request: IncomingMessage, response: ServerResponse, body: string): void {
  if (!verified.has(request.headers.authorization ?? '')) {
    response.writeHead(401).end();
    return;
  }
  const text = answers[order.kind](request.url ?? '', body);
  if (typeof text === 'string') reply(response, text);
  else
    text.then(
      (done) => reply(response, done),
      (error: unknown) => {
        console.error(error);
        response.writeHead(500).end();
      },
    );
}

const server = createServer((request, response) => {
  if (request.method === 'GET') return handle(request, response, '');
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => handle(request, response, Buffer.concat(chunks).toString()));
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => process.exit(0));
