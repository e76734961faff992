import { once } from 'node:events';

/** What a command has of the process around it; tests give it another one. */
export interface CliIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Is standard output a terminal? Colours are for terminals only. */
  readonly isTerminal: boolean;
  /** Writes to standard output. */
  out(text: string): void;
  /** Resolves when what was written to standard output has been taken: for output without an end. */
  drained(): Promise<void>;
  /** Writes to standard error. */
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<string>;
}

/** The process itself. */
export const processIo: CliIo = {
  environment: process.env,
  isTerminal: process.stdout.isTTY === true && !process.env['NO_COLOR'],
  out: (text) => void process.stdout.write(text),
  async drained() {
    if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
  },
  err: (text) => void process.stderr.write(text),
  async readInput() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString();
  },
};
