import type { CliIo } from '../../src/cli/cli-io.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import { settleAll } from '../support/client.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs one command line in this process. */
export async function run(words: readonly string[], environment: CliIo['environment'] = {}, input = ''): Promise<Ran> {
  const written = { out: '', err: '' };
  const code = await runCli(words, '1.2.3', {
    environment,
    isTerminal: false,
    out: (text) => {
      written.out += text;
    },
    drained: async () => undefined,
    err: (text) => {
      written.err += text;
    },
    readInput: async () => input,
  });
  await settleAll();
  return { code, ...written };
}
