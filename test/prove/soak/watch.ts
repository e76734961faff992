import { readdirSync, readFileSync } from 'node:fs';
import { type Answer, ask } from '../../support/client.ts';
import type { Ready } from '../../support/process.ts';
import type { Sample } from './trend.ts';

/** What must not grow: memory in MiB, and things that are opened and must be closed again. */
export interface Watched {
  /** Resident and its own: what it maps of files grows with the embedded database, and is the system's to take back. */
  readonly resident: Sample[];
  /** What is left after garbage was collected, now and then; as the server tells it. */
  readonly heap: Sample[];
  /** Open files and connections of the process. */
  readonly files: Sample[];
  /** Timers of the process that are running. */
  readonly timers: Sample[];
}

/** Looks at a server every second until `end`. */
export class ServerWatch {
  readonly watched: Watched = { resident: [], heap: [], files: [], timers: [] };
  /** Of looks that failed: a soak goes on without them, and says so at its end. */
  readonly errors: string[] = [];
  readonly #server: Ready;
  readonly #token: string;
  readonly #began = performance.now();
  readonly #timer: NodeJS.Timeout;
  #looking: Promise<void> | undefined;

  constructor(server: Ready, token: string) {
    this.#server = server;
    this.#token = token;
    this.#timer = setInterval(() => {
      this.#looking ??= this.#look()
        .catch((error: unknown) => {
          this.errors.push(`watch: ${error instanceof Error ? error.message : String(error)}`);
        })
        .finally(() => {
          this.#looking = undefined;
        });
    }, 1000);
  }

  async end(): Promise<Watched> {
    clearInterval(this.#timer);
    await this.#looking;
    return this.watched;
  }

  async #look(): Promise<void> {
    const at = (performance.now() - this.#began) / 1000;
    const { pid, ca, url } = this.#server;
    const kilobytes = /RssAnon:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    this.watched.resident.push({ at, value: Number(kilobytes) / 1024 });
    this.watched.files.push({ at, value: readdirSync(`/proc/${pid}/fd`).length });
    const answer = await ask(ca, `${url}/metrics`, { token: this.#token });
    this.watched.heap.push({ at, value: metric(answer, 'nodejs_memory_bytes{kind="heap_used"}') / 1024 / 1024 });
    this.watched.timers.push({ at, value: metric(answer, 'nodejs_active_resources{kind="Timeout"}') });
  }
}

function metric({ status, text }: Answer, name: string): number {
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (status !== 200 || line === undefined) throw new Error(`/metrics answered ${status} without ${name}`);
  return Number(line.slice(name.length + 1));
}
