import type { IncomingMessage } from 'node:http';
import { httpLimits } from './http-limits.ts';

/** Memory for bodies, which clients fill before anybody knows who they are. */
export class BodyBudget {
  readonly #limit: number;
  #taken = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes. */
  get taken(): number {
    return this.#taken;
  }

  take(bytes: number): boolean {
    if (this.#taken + bytes > this.#limit) return false;
    this.#taken += bytes;
    return true;
  }

  giveBack(bytes: number): void {
    this.#taken -= bytes;
  }
}

/** Of a request without one. */
export const noBody = Buffer.alloc(0);

/** Why a body was not read to its end. */
export type Unread = 'tooLarge' | 'noRoom';

/**
 * One request's body. Events, not async iteration: leaving an iteration destroys the socket, and the refusal could not be
 * sent any more.
 */
export class IncomingBody {
  readonly #message: IncomingMessage;
  readonly #budget: BodyBudget;
  #chunks: Buffer[] = [];
  #size = 0;
  #taken = 0;
  #noRoom = false;

  constructor(message: IncomingMessage, budget: BodyBudget) {
    this.#message = message;
    this.#budget = budget;
  }

  /** The whole body. Rejects when the client goes away. */
  read(): Promise<Buffer | Unread> {
    const message = this.#message;
    if (Number(message.headers['content-length'] ?? 0) > httpLimits.drain) return Promise.resolve('tooLarge');
    return new Promise((resolve, reject) => {
      message.on('data', (chunk: Buffer) => {
        this.#add(chunk);
        if (this.#size > httpLimits.drain) resolve('tooLarge');
        else if (this.#noRoom) resolve('noRoom');
      });
      message.on('end', () => resolve(this.#size > httpLimits.body ? 'tooLarge' : concat(this.#chunks)));
      message.on('error', reject);
      message.on('close', () => {
        // Once the body has ended it says nothing new, and an error with its stack costs more than reading the body did.
        if (!message.readableEnded) reject(new Error('the client went away'));
      });
    });
  }

  /** Call when the body is not needed any more. */
  release(): void {
    this.#budget.giveBack(this.#taken);
    this.#taken = 0;
    this.#chunks = [];
  }

  #add(chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > httpLimits.body) this.release();
    else if (!this.#noRoom && this.#budget.take(chunk.length)) {
      this.#taken += chunk.length;
      this.#chunks.push(chunk);
    } else this.#noRoom = true;
  }
}

const concat = (chunks: readonly Buffer[]): Buffer =>
  chunks.length === 1 ? (chunks[0] ?? noBody) : Buffer.concat(chunks);
