import type { PrimaryMessage, WorkerMessage } from './member.ts';

/** Numbers of workers with what each of them reports. Those that did not answer in time are missing. */
export type Reports = ReadonlyMap<number, unknown>;

/** Milliseconds that a worker has to report. */
const longestMs = 2000;

/** Questions that wait for an answer of the process at the other end of a channel. */
export class Questions<T> {
  readonly #waiting = new Map<number, (answer: T | undefined) => void>();
  #last = 0;

  /** `undefined`: no answer in time. */
  ask(send: (asked: number) => void): Promise<T | undefined> {
    const asked = ++this.#last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle(undefined), longestMs);
      const settle = (answer: T | undefined): void => {
        clearTimeout(timer);
        this.#waiting.delete(asked);
        resolve(answer);
      };
      this.#waiting.set(asked, settle);
      send(asked);
    });
  }

  answer(asked: number, answer: T): void {
    this.#waiting.get(asked)?.(answer);
  }
}

/** The channel of a worker to its primary. */
export interface PrimaryChannel {
  send(message: WorkerMessage): void;
  onMessage(listener: (message: PrimaryMessage) => void): void;
}

/** In a worker: reports when the primary asks, and gives what all workers report, itself included. */
export function shareReports(channel: PrimaryChannel, own: () => unknown): () => Promise<Reports> {
  const questions = new Questions<Reports>();
  channel.onMessage((message) => {
    if (message === 'stop') return;
    if (message.kind === 'ask') channel.send({ kind: 'report', asked: message.asked, report: own() });
    else if (message.kind === 'all') questions.answer(message.asked, new Map(message.reports));
  });
  return async () => (await questions.ask((asked) => channel.send({ kind: 'ask-all', asked }))) ?? new Map();
}
