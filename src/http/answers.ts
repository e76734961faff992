import type { ServerResponse } from 'node:http';
import type { Log } from '../kernel/log.ts';
import { messageOf } from '../kernel/message-of.ts';
import { httpLimits } from './http-limits.ts';

/** A whole answer that nothing was sent of yet. */
interface Ready {
  readonly response: ServerResponse;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Milliseconds that an answer waits at most for those that are made in the same turn of the event loop. */
const longestWait = 1;

/**
 * Bytes that are given to a connection at once. TLS encrypts what it is given as a whole and tells of no progress before all
 * of it has left (node:tls), so a client that takes a large answer slowly would be taken for one that takes nothing.
 */
const piece = 256 * 1024;

/**
 * Sends what is answered in one turn of the event loop together, at its end. Under load a turn answers several requests,
 * and a write to a client that sleeps pays for waking it: sent one by one, answers made a read cost half as much again
 * (docs/decisions/0017-beside-a-hand-written-server.md). When a turn is long, what has waited for a millisecond goes out with the next answer.
 */
export class Answers {
  readonly #log: Log;
  readonly #slowReader: number;
  #ready: Ready[] = [];
  #since = 0;

  constructor(log: Log, slowReader: number = httpLimits.slowReader) {
    this.#log = log;
    this.#slowReader = slowReader;
  }

  add(ready: Ready): void {
    this.#ready.push(ready);
    if (this.#ready.length === 1) {
      this.#since = performance.now();
      setImmediate(this.#flush);
    } else if (performance.now() - this.#since > longestWait) this.#flush();
  }

  readonly #flush = (): void => {
    const all = this.#ready;
    this.#ready = [];
    for (const each of all) this.#write(each);
  };

  /** One that cannot be written, for instance for a header that HTTP does not allow, keeps no other back. */
  #write({ response, status, headers, body }: Ready): void {
    try {
      response.writeHead(status, headers);
      if (body === undefined || body.length <= piece) response.end(body);
      else sendPieces(response, body);
      // Who asks and never reads would hold memory, and one of the places for requests, for ever. When the answer has left,
      // node:http sets the time that a kept-alive connection has.
      const { socket } = response;
      if (socket !== null && socket.writableLength > 0) socket.setTimeout(this.#slowReader);
    } catch (error) {
      this.#log.error('an answer cannot be written', { error: messageOf(error) });
      response.destroy();
    }
  }
}

/** Each when the one before has left; none more where the connection has ended. The length is in the headers. */
function sendPieces(response: ServerResponse, body: Buffer): void {
  const rest = body.subarray(piece);
  response.write(body.subarray(0, piece), (error) => {
    if (error != null) return;
    if (rest.length > piece) sendPieces(response, rest);
    else response.end(rest);
  });
}
