/**
 * The ceiling: a bare `node:http` server that answers every request with the bytes given, and does nothing else.
 * `tsx bench/bare-server.ts <file with {status, headers, body}>`; prints its port.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

const answer = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Answer;
const body = Buffer.from(answer.body);
const server = createServer((request, response) => {
  const reply = (): void => {
    response.writeHead(answer.status, answer.headers);
    response.end(body);
  };
  if (request.method === 'GET') reply();
  else request.resume().on('end', reply);
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => process.exit(0));
