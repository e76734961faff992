import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How many requests hold memory: each until it has been worked on, and its answer has left or its connection has closed.
 * Of answers that wait behind others on a connection, `node:http` tells nothing when the connection closes: without
 * looking at the connection they would count for ever.
 */
export class OpenRequests {
  readonly #heldBy = new WeakMap<Socket, Set<() => void>>();
  #count = 0;
  #whenNone: (() => void) | undefined;

  get count(): number {
    return this.#count;
  }

  /** Counts one. Gives what is to be called when it has been worked on. */
  add(socket: Socket, response: ServerResponse): () => void {
    this.#count++;
    let isWorkedOn = true;
    let isHeld = !socket.closed;
    const endIfOver = (): void => {
      if (!isWorkedOn && !isHeld) this.#end();
    };
    const workEnded = (): void => {
      isWorkedOn = false;
      endIfOver();
    };
    if (!isHeld) return workEnded;
    const held = this.#held(socket);
    const letGo = (): void => {
      if (!held.delete(letGo)) return;
      isHeld = false;
      endIfOver();
    };
    held.add(letGo);
    response.once('close', letGo);
    return workEnded;
  }

  /** Resolves when none is left. */
  none(): Promise<void> {
    if (this.#count === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#whenNone = resolve;
    });
  }

  #held(socket: Socket): Set<() => void> {
    const known = this.#heldBy.get(socket);
    if (known !== undefined) return known;
    const held = new Set<() => void>();
    this.#heldBy.set(socket, held);
    socket.once('close', () => {
      for (const letGo of [...held]) letGo();
    });
    return held;
  }

  #end(): void {
    this.#count--;
    if (this.#count === 0) this.#whenNone?.();
  }
}
