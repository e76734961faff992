import type { CommandSpec } from '../command.ts';
import { installationFlags, settingsOf } from '../installation-flags.ts';

/** Brings databases to the shape of this version without serving. */
export const migrateCommand: CommandSpec = {
  usage: 'migrate',
  summary:
    'Brings the databases to the shape that this version needs, as a start does; no server may be running on them',
  options: [['--dry-run', 'Show the statements, and undo them: nothing changes'], ...installationFlags],
  examples: ['portvakt migrate --dry-run --data /var/lib/portvakt', 'portvakt migrate'],
  caller: 'none',
  async run(call) {
    const { migrateInstallation } = await import('../../migrate-installation.ts');
    const { dataFolder, databaseUrl } = await settingsOf(call);
    const isDry = call.isSet('dryRun');
    const databases = await migrateInstallation({ dataFolder, databaseUrl }, isDry);
    const count = databases.reduce((sum, { statements, online }) => sum + statements.length + online.length, 0);
    const lines = databases.flatMap(({ database, statements, online }) => [
      `-- ${database}: ${statements.length + online.length === 0 ? 'nothing to do' : `${statements.length + online.length} statements`}`,
      ...statements.map((sql) => `${sql};`),
      ...(online.length === 0 ? [] : ['-- after the commit, each by itself; a start makes them while it serves']),
      ...online.map((sql) => `${sql};`),
    ]);
    const end = isDry ? `-- ${count} statements would be run; nothing was changed` : `-- ${count} statements were run`;
    call.output.done([...lines, end].join('\n'), { dryRun: isDry, databases });
  },
};
