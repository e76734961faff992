import { BackOff } from './back-off.ts';
import type { Member, WorkerMessage } from './member.ts';

/** A process that was started for a slot. */
export interface WorkerProcess {
  readonly pid: number | undefined;
  onMessage(listener: (message: WorkerMessage) => void): void;
  /** Called once, with the code or the signal that it ended with. */
  onExit(listener: (how: string) => void): void;
  /** Asks it to finish its requests and end. */
  stop(): void;
  kill(): void;
}

export type StartWorker = (member: Member) => WorkerProcess;

export interface SlotOptions {
  readonly number: number;
  readonly count: number;
  readonly port: number;
  readonly start: StartWorker;
  readonly onEnd: (number: number, how: string, waitMs: number) => void;
}

type Ready = Extract<WorkerMessage, { kind: 'ready' }>;

/** Milliseconds that a worker has to end by itself. */
const graceMs = 12_000;

/** One worker of the installation: the process that serves now, and those that take its place when it ends. */
export class WorkerSlot {
  readonly #options: SlotOptions;
  readonly #backOff = new BackOff();
  #process: WorkerProcess | undefined;
  #timer: NodeJS.Timeout | undefined;
  #stopping = false;
  #whenEnded: (() => void) | undefined;

  constructor(options: SlotOptions) {
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Starts the first process. Rejects when it ends before it answers; later ones are started again and again. */
  begin(isJoined: boolean): Promise<Ready> {
    return new Promise((resolve, reject) => {
      let failure: string | undefined;
      this.#run(
        { isJoined, after: undefined },
        {
          ready: resolve,
          failed: (message) => {
            failure = message;
          },
          ended: (how) => reject(new Error(failure ?? `worker ${this.#options.number} ended with ${how}`)),
        },
      );
    });
  }

  /** Resolves when its process has ended. */
  async stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#timer);
    const process = this.#process;
    if (process === undefined) return;
    const ended = new Promise<void>((resolve) => {
      this.#whenEnded = resolve;
    });
    const timer = setTimeout(() => process.kill(), graceMs);
    process.stop();
    await ended;
    clearTimeout(timer);
  }

  #run(place: Pick<Member, 'isJoined' | 'after'>, tell: Tell): void {
    const { number, count, port, start } = this.#options;
    const process = start({ number, count, port, ...place });
    this.#process = process;
    let readyAt: number | undefined;
    process.onMessage((message) => {
      if (message.kind === 'failed') tell.failed(message.message);
      else {
        readyAt = performance.now();
        tell.ready(message);
      }
    });
    process.onExit((how) => {
      this.#process = undefined;
      if (this.#stopping) this.#whenEnded?.();
      else if (readyAt === undefined && place.after === undefined) tell.ended(how);
      else this.#again(how, readyAt === undefined ? 0 : performance.now() - readyAt);
    });
  }

  #again(how: string, livedMs: number): void {
    const wait = this.#backOff.next(livedMs);
    const { number, onEnd } = this.#options;
    onEnd(number, how, wait);
    this.#timer = setTimeout(() => this.#run({ isJoined: true, after: how }, nobody), wait);
  }
}

interface Tell {
  ready(message: Ready): void;
  failed(message: string): void;
  ended(how: string): void;
}

const nobody: Tell = { ready: () => undefined, failed: () => undefined, ended: () => undefined };
