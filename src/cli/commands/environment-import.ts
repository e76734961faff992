import { resolve } from 'node:path';
import { usageError } from '../cli-error.ts';
import type { CommandSpec } from '../command.ts';
import { installationFlags, settingsOf } from '../installation-flags.ts';

/** Opens the installation by itself, as a restore does. */
export const importCommand: CommandSpec = {
  usage: 'import <unique-name>',
  summary: 'Puts an exported environment in the place of all data of one there is; no server may be running',
  options: [
    ['--from <file>', 'A file that `portvakt environment export` made'],
    ['--replace', 'The data that the environment has may go'],
    ...installationFlags,
  ],
  examples: ['portvakt environment import fjordheim --from fjordheim.backup --replace'],
  caller: 'none',
  async run(call) {
    const [uniqueName = ''] = call.words;
    const from = call.option('from');
    const usage = `portvakt environment import ${uniqueName} --from ${uniqueName}.backup --replace`;
    if (from === undefined) throw usageError('say which file to import', usage);
    if (!call.isSet('replace')) throw usageError(`all data of ${uniqueName} goes: say --replace if it may`, usage);
    const { importEnvironment } = await import('../../backup/import-environment.ts');
    const { dataFolder, databaseUrl } = await settingsOf(call);
    const imported = await importEnvironment({
      ...{ dataFolder, databaseUrl, environment: uniqueName, file: resolve(from) },
      progress: (line) => call.io.err(`${line}\n`),
    });
    call.output.done(
      `${uniqueName} holds what ${from} holds: ${imported.tables} tables, ${imported.rows} rows, each read again and compared`,
      { environment: uniqueName, file: resolve(from), ...imported },
    );
  },
};
