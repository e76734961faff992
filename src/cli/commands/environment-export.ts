import { resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import type { CommandSpec } from '../command.ts';
import { installationFlags, settingsOf } from '../installation-flags.ts';

/** Opens the installation by itself, as a backup does. */
export const exportCommand: CommandSpec = {
  usage: 'export <unique-name>',
  summary: 'Writes all rows and definitions of one environment to a file, as of this moment; the server may be running',
  options: [['--out <file>', 'The file to make'], ...installationFlags],
  examples: ['portvakt environment export fjordheim --out fjordheim.backup'],
  caller: 'none',
  async run(call) {
    const [uniqueName = ''] = call.words;
    const out = call.option('out');
    if (out === undefined) {
      throw usageError(
        'say which file to make',
        `portvakt environment export ${uniqueName} --out ${uniqueName}.backup`,
      );
    }
    const { makeBackup } = await import('../../backup/make-backup.ts');
    const { dataFolder, databaseUrl } = await settingsOf(call);
    const made = await makeBackup({
      ...{ dataFolder, databaseUrl, passphrase: undefined, environment: uniqueName },
      file: resolve(out),
      program: call.version,
      now: new Date(),
      progress: (line) => call.io.err(`${line}\n`),
    });
    call.output.done(`${out}: ${uniqueName}, ${made.tables} tables, ${made.rows} rows`, {
      file: resolve(out),
      ...made,
    });
  },
};
