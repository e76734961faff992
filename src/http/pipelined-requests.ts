import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection, those that wait for their turn. */
interface Line {
  underWay: number;
  readonly waiting: (() => void)[];
}

/**
 * Keeps one connection from taking the places of all others: a client need not wait for answers before it asks again
 * (RFC 9112 section 9.3.2), and each request that was read holds a place until its answer has left. Of a connection a few are
 * worked on at a time. Those behind them wait, and while one waits nothing more is read, so that the client's own
 * writes stop.
 */
export class PipelinedRequests {
  readonly #most: number;
  readonly #lines = new WeakMap<Socket, Line>();

  /** @param most requests of a connection that are worked on at the same time */
  constructor(most: number) {
    this.#most = most;
  }

  /** How many wait on a connection. */
  waiting(socket: Socket): number {
    return this.#lines.get(socket)?.waiting.length ?? 0;
  }

  /** Begins a request now, or when those in front of it on its connection have been answered; never when it is over. */
  add(socket: Socket, response: ServerResponse, begin: () => void): void {
    const line = this.#lineOf(socket);
    const start = (): void => {
      line.underWay += 1;
      // Whoever counts places learns first that one is free.
      begin();
      response.once('close', () => this.#ended(socket, line));
    };
    if (line.underWay < this.#most) start();
    else {
      line.waiting.push(start);
      socket.pause();
    }
  }

  /** None that waits is begun: the connection is about to be closed. What comes is read, so that its end is seen. */
  giveUp(socket: Socket): void {
    const line = this.#lines.get(socket);
    if (line === undefined || line.waiting.length === 0) return;
    line.waiting.length = 0;
    socket.resume();
  }

  #ended(socket: Socket, line: Line): void {
    line.underWay -= 1;
    // What stands behind an answer that closes the connection is not done (RFC 9112 section 9.6).
    if (!socket.writable) this.giveUp(socket);
    if (line.waiting.length === 0) return;
    line.waiting.shift()?.();
    if (line.waiting.length === 0) socket.resume();
  }

  #lineOf(socket: Socket): Line {
    const known = this.#lines.get(socket);
    if (known !== undefined) return known;
    const line: Line = { underWay: 0, waiting: [] };
    this.#lines.set(socket, line);
    // Node.js goes on reading whenever it has thrown away the body of a request that nobody read. A stream that counts as
    // paused tells nobody when it is paused again, though its socket may be reading: that is said to node:http itself.
    socket.on('resume', () => {
      if (line.waiting.length === 0) return;
      if (socket.isPaused()) socket.emit('pause');
      else socket.pause();
    });
    socket.once('close', () => {
      line.waiting.length = 0;
    });
    return line;
  }
}
