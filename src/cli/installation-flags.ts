import type { Config } from '../config.ts';
import type { CommandCall } from './command.ts';

/** Flags of commands that open an installation themselves, beside the settings in the environment. */
export const installationFlags = [
  ['--data <folder>', 'The data folder (PORTVAKT_DATA)'],
  ['--database-url <url>', 'PostgreSQL instead of the embedded database (PORTVAKT_DATABASE_URL)'],
] as const;

/** The settings of the installation that a command is about. @throws ConfigError */
export async function settingsOf({ io, option }: CommandCall): Promise<Config> {
  const { parseConfig } = await import('../config.ts');
  const flag = (name: string, value: string | undefined): string[] => (value === undefined ? [] : [name, value]);
  return parseConfig(io.environment, [
    ...flag('--data', option('data')),
    ...flag('--database-url', option('databaseUrl')),
  ]);
}
