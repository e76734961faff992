import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { settleAll } from './client.ts';
import { root } from './process.ts';

interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** The partner's application of `test/e2e/partner-client.mjs`, which trusts the CA in `caFile`. */
export class PartnerProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  #last = 0;

  constructor(caFile: string) {
    const names = join(root, 'examples', 'localhost-names.mjs');
    this.#child = spawn(process.execPath, ['--import', names, join(root, 'test', 'e2e', 'partner-client.mjs')], {
      cwd: root,
      env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new TypeError('the partner has no output');
    createInterface({ input: stdout }).on('line', (line) => {
      const answer = JSON.parse(line) as Answer;
      this.#waiting.get(answer.id)?.(answer);
      this.#waiting.delete(answer.id);
    });
  }

  /** Rejects with the client library's message when that throws. */
  async ask(command: string, options: object = {}): Promise<unknown> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin?.write(`${JSON.stringify({ id, command, ...options })}\n`);
    const { error, result } = await answered;
    await settleAll();
    if (error !== undefined) throw new Error(error.message);
    return result;
  }

  stop(): void {
    this.#child.kill();
  }
}
